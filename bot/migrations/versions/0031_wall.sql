-- Limits that people keep, by when they run out; what the house does by itself is not among them.
CREATE INDEX deadlines_promised ON deadlines (due, id)
    WHERE met IS NULL AND voided IS NULL AND clause NOT LIKE 'conversation.%' AND clause NOT IN ('survey.online', 'call.end');

-- What a day brought, for the figures of the wall. None of these columns changes with a customer's next word.
CREATE INDEX deadlines_kept ON deadlines (met) INCLUDE (subject_id, clause, opened)
    WHERE met IS NOT NULL AND clause IN ('enquiry.first_response', 'enquiry.next_response');
CREATE INDEX deadlines_broken ON deadlines (breached)
    WHERE breached IS NOT NULL AND clause NOT LIKE 'conversation.%' AND clause NOT IN ('survey.online', 'call.end');
CREATE INDEX surveys_scored ON surveys (scored) WHERE scored IS NOT NULL;
CREATE INDEX conversations_opened ON conversations (opened);

-- From which value on a figure of the wall is amber, and from which red; which way is worse.
CREATE TABLE wall_thresholds (
    figure          text PRIMARY KEY,
    amber           double precision NOT NULL,
    red             double precision NOT NULL,
    CHECK (amber <> red)                            -- red above amber: more is worse; below: less is
);
INSERT INTO wall_thresholds VALUES ('waiting', 10, 30), ('longest', 300, 900), ('connect', 92, 90), ('first', 300, 1200),
    ('mean', 300, 1200), ('satisfaction', 80, 70), ('breaches', 1, 5), ('load', 80, 100);
