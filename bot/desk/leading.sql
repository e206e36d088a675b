-- setting: How the desk of this operator behaves.
SELECT value FROM desk_settings WHERE name = $1

-- reasons: Why a leader gives a chat to somebody else.
SELECT code, label_zh, label_en FROM reassign_reasons ORDER BY position, code

-- set: An operator sets how the desk behaves.
INSERT INTO desk_settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value
