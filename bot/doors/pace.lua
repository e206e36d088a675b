-- reserve(mark...; every_us, burst, ...) -> wait_us
-- Take the next place in time that all limits allow. A mark runs ahead of the clock by `every` for each call.
--   KEYS[…]     string  mark    one per limit: µs since 1970 UTC; gone once it has passed
--   ARGV[2i-1]  µs      every   from one call to the next
--   ARGV[2i]    count   burst   how many may come at once after a rest
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local at = now
local marks = {}
for place, key in ipairs(KEYS) do
    marks[place] = math.max(tonumber(redis.call('GET', key) or '0'), now)
    at = math.max(at, marks[place] - (tonumber(ARGV[2 * place]) - 1) * tonumber(ARGV[2 * place - 1]))
end
for place, key in ipairs(KEYS) do
    local mark = math.max(marks[place], at) + tonumber(ARGV[2 * place - 1])
    redis.call('SET', key, string.format('%.0f', mark), 'PX', math.ceil((mark - now) / 1000))
end
return at - now
