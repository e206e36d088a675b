-- People of the responsible departments (clause org.roles): each sees the inbox of their own.
ALTER TABLE agents ADD COLUMN department text NOT NULL DEFAULT '';
CREATE INDEX agents_of_department ON agents (department) WHERE department <> '';
