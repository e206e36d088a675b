-- swap(value; seen, new, keep_ms) -> 1 | 0
-- Put a value in the place of the one that the caller has seen; 0 where something else lies there by now.
--   KEYS[1]  string  the value
--   ARGV[1]  text    what the caller has seen; empty for nothing
--   ARGV[2]  text    what is to be put there
--   ARGV[3]  ms      how long it is kept
local held = redis.call('GET', KEYS[1]) or ''
if held ~= ARGV[1] then
    return 0
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
