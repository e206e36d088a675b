DROP TABLE wrapups, canned_replies, web_sessions, standards, publications, knowledge, surveys, questions, alerts, queues,
    agent_sessions, agents, outbox, deadlines, intake, messages, conversations, contacts;
DROP SEQUENCE conversation_ids, deadline_ids, outbox_ids;
