-- setting: How the desk of this operator behaves.
SELECT value FROM desk_settings WHERE name = $1

-- reasons: Why a leader gives a chat to somebody else.
SELECT code, label_zh, label_en FROM reassign_reasons ORDER BY position, code
