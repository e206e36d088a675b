DROP TABLE ticket_exports;
