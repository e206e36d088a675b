DROP TABLE hook_tries, hook_deliveries, happenings, subscriptions;
DELETE FROM publications WHERE subject = 'subscriptions';
