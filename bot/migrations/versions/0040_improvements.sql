-- Weeks whose complaints have been looked at (clause complaint.warning), each once.
CREATE TABLE complaint_weeks (
    week            date PRIMARY KEY,               -- its Monday in the operator's zone
    examined        timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Tasks that a topic of complaints has opened by growing against its baseline.
CREATE TABLE improvements (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    week            date NOT NULL REFERENCES complaint_weeks,
    cause           text NOT NULL,
    business        text NOT NULL,
    department      text NOT NULL,                  -- the responsible one; '' where the type leads to none
    complaints      integer NOT NULL,
    usual           double precision NOT NULL,      -- complaints a week
    opened          timestamptz NOT NULL DEFAULT clock_timestamp(),
    due             timestamptz NOT NULL,
    owner           integer REFERENCES agents,
    taken           timestamptz,
    plan            text NOT NULL DEFAULT '',
    closed          timestamptz,
    UNIQUE (week, cause, business)
);
CREATE INDEX improvements_open ON improvements (due) WHERE closed IS NULL;
CREATE INDEX tickets_complained ON tickets (created) WHERE kind = 'complaint';
