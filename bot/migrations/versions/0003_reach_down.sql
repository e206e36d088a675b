DROP TABLE push_progress;
DROP INDEX web_sessions_of_contact;
DROP TABLE pushes;
DROP TABLE reach;
