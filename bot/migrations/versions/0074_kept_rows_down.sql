DROP TYPE kept_beginning, kept_course, kept_contact, kept_message, kept_intake, kept_letter, kept_alert, kept_step;
