DROP VIEW mystery_outcomes, survey_outcomes, unit_regions;
DROP INDEX surveys_asked;
DROP TABLE mystery_visits;
