-- claim(leases, settled, turn; token, lease_ms, read_ms, conversation, agent, room, conversation, agent, room, ...) -> {place, ...}
-- Lease chats to agents, and say which of the proposed pairs hold: their places, counted from 1.
--   KEYS[1]  hash  leases    conversation -> "agent:until", ms of this server's clock; not yet confirmed
--   KEYS[2]  zset  settled   "conversation:agent" by the moment of its confirmation, ms; the last ten seconds
--   KEYS[3]  text  turn      whose turn it is to decide; it ends here
--   ARGV[1]  text   who claims
--   ARGV[2]  ms     how long an assignment may take to be confirmed
--   ARGV[3]  ms     when the proposals' facts were read, on this server's clock
--   ARGV[4…] text   a conversation, an agent, and how many more chats that agent could carry when the facts were read
-- A lease counts while it runs, and once confirmed to those who had read the facts before: they do not know of it yet.
-- So neither a chat nor a free place of an agent is given twice by assigners side by side.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local lease, read = tonumber(ARGV[2]), tonumber(ARGV[3])
local taken, load, ended = {}, {}, {}

local function count(conversation, agent)
    taken[conversation] = true
    load[agent] = (load[agent] or 0) + 1
end

local leases = redis.call('HGETALL', KEYS[1])
for place = 1, #leases, 2 do
    local agent, ends = string.match(leases[place + 1], '^(%d+):(%d+)$')
    if tonumber(ends) > now then
        count(leases[place], agent)
    else
        ended[#ended + 1] = leases[place]
    end
end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - 10000)
for _, name in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], read, '+inf')) do
    count(string.match(name, '^(%d+):(%d+)$'))
end
local held, fields = {}, {}
for place = 4, #ARGV, 3 do
    local conversation, agent, room = ARGV[place], ARGV[place + 1], tonumber(ARGV[place + 2])
    if not taken[conversation] and (load[agent] or 0) < room then
        count(conversation, agent)
        held[#held + 1] = (place - 1) / 3
        fields[#fields + 1] = conversation
        fields[#fields + 1] = string.format('%s:%d', agent, now + lease)
    end
end
for first = 1, #ended, 1000 do
    redis.call('HDEL', KEYS[1], unpack(ended, first, math.min(first + 999, #ended)))
end
for first = 1, #fields, 1000 do
    redis.call('HSET', KEYS[1], unpack(fields, first, math.min(first + 999, #fields)))
end
if redis.call('GET', KEYS[3]) == ARGV[1] then
    redis.call('DEL', KEYS[3])
end
return held
