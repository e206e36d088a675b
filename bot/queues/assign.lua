-- assign(idle, load, capacity, skills, leases, owners, waiting...; now_ms, lease_ms, most, skill...) -> {conversation, agent, ...}
-- Give waiting conversations to the longest-idle present agents that have the skill and spare capacity.
--   KEYS[1]  zset  idle       agent by the moment since which they are idle, ms; only present agents with spare capacity
--   KEYS[2]  hash  load       agent -> open conversations, leased ones included
--   KEYS[3]  hash  capacity   agent -> the most conversations at once
--   KEYS[4]  hash  skills     agent -> ",skill,skill,"
--   KEYS[5]  hash  leases     conversation -> "end of the lease in ms:agent"
--   KEYS[6]  hash  owners     conversation -> agent who keeps it until another accepts (re-offers only)
--   KEYS[7…] zset  waiting    one per queue: conversation by waiting order, ms
--   ARGV[1]  ms     now
--   ARGV[2]  ms     how long an assignment may take to be confirmed
--   ARGV[3]  count  at most so many
--   ARGV[4…] text   the skill that each queue requires, in the order of its key; '' for none
-- The first conversation that nobody present can take never blocks the next: each is looked at on its own.
local now, lease, most = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local given = {}
local idle = redis.call('ZRANGE', KEYS[1], 0, -1)

local function fits(agent, skill, owner)
    if agent == owner then
        return false
    end
    if skill == '' then
        return true
    end
    local skills = redis.call('HGET', KEYS[4], agent)
    return skills and string.find(skills, ',' .. skill .. ',', 1, true) ~= nil
end

local function take(agent, position)
    local load = redis.call('HINCRBY', KEYS[2], agent, 1)
    local capacity = tonumber(redis.call('HGET', KEYS[3], agent) or '0')
    table.remove(idle, position)
    if load >= capacity then
        redis.call('ZREM', KEYS[1], agent)
    else
        redis.call('ZADD', KEYS[1], now, agent)
        table.insert(idle, agent)
    end
end

for number = 7, #KEYS do
    local skill = ARGV[number - 3]
    local waiting = redis.call('ZRANGE', KEYS[number], 0, -1)
    for _, conversation in ipairs(waiting) do
        if #idle == 0 or #given >= 2 * most then
            return given
        end
        local leased = tonumber(string.match(redis.call('HGET', KEYS[5], conversation) or '0', '^%d+'))
        if leased <= now then
            local owner = redis.call('HGET', KEYS[6], conversation)
            for position, agent in ipairs(idle) do
                if fits(agent, skill, owner) then
                    redis.call('HSET', KEYS[5], conversation, string.format('%d:%s', now + lease, agent))
                    given[#given + 1] = conversation
                    given[#given + 1] = agent
                    take(agent, position)
                    break
                end
            end
        end
    end
end
return given
