-- claim_due(due; now_ms, lease_ms, most) -> members
-- Lease the deadlines that are due: each moves to the end of its lease instead of being popped, so that a clock that
-- dies loses nothing.
--   KEYS[1]  zset    id:generation by the moment of the next step, ms since 1970 UTC
--   ARGV[1]  ms      now
--   ARGV[2]  ms      how long the caller keeps them
--   ARGV[3]  count   at most so many
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
local until_ms = tonumber(ARGV[1]) + tonumber(ARGV[2])
for _, member in ipairs(due) do
    redis.call('ZADD', KEYS[1], until_ms, member)
end
return due
