DROP TABLE ticket_files, ticket_filters;
