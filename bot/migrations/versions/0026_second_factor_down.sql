ALTER TABLE agent_sessions DROP COLUMN strong;
DROP TABLE role_rules, halfway_log_ins, recovery_codes, second_factors;
