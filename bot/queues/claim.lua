-- claim(leases; lease_ms, read_ms, conversation, agent, room, conversation, agent, room, ...) -> {place, ...}
-- Lease chats to agents, and say which of the proposed pairs hold: their places, counted from 1.
--   KEYS[1]  hash  leases   conversation -> "agent:until:settled", ms of this server's clock; settled is 0 until the
--                           assignment has been confirmed. What has ended long ago is removed here.
--   ARGV[1]  ms     how long an assignment may take to be confirmed
--   ARGV[2]  ms     when the proposals' facts were read, on this server's clock
--   ARGV[3…] text   a conversation, an agent, and how many more chats that agent could carry when the facts were read
-- A lease counts while it runs unconfirmed, and to everyone who read the facts before it was confirmed: they do not yet
-- know of it. So neither a chat nor a free place of an agent is given twice by assigners side by side.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local lease, read = tonumber(ARGV[1]), tonumber(ARGV[2])
local taken, load, ended = {}, {}, {}
local leases = redis.call('HGETALL', KEYS[1])
for place = 1, #leases, 2 do
    local agent, ends, settled = string.match(leases[place + 1], '^(%d+):(%d+):(%d+)$')
    ends, settled = tonumber(ends), tonumber(settled)
    if (settled == 0 and ends > now) or settled >= read then
        taken[leases[place]] = true
        load[agent] = (load[agent] or 0) + 1
    elseif math.max(ends, settled) < now - 60000 then
        ended[#ended + 1] = leases[place]
    end
end
local held, fields = {}, {}
for place = 3, #ARGV, 3 do
    local conversation, agent, room = ARGV[place], ARGV[place + 1], tonumber(ARGV[place + 2])
    local carried = load[agent] or 0
    if not taken[conversation] and carried < room then
        taken[conversation], load[agent] = true, carried + 1
        held[#held + 1] = place / 3
        fields[#fields + 1] = conversation
        fields[#fields + 1] = string.format('%s:%d:0', agent, now + lease)
    end
end
for first = 1, #ended, 1000 do
    redis.call('HDEL', KEYS[1], unpack(ended, first, math.min(first + 999, #ended)))
end
for first = 1, #fields, 1000 do
    redis.call('HSET', KEYS[1], unpack(fields, first, math.min(first + 999, #fields)))
end
return held
