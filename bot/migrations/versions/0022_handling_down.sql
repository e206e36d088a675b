DROP INDEX conversations_served;
