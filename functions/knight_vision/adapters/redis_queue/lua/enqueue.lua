#!lua
-- enqueue: put a job in its place, join the one that is there, promote it, or replace an older generation.
-- KEYS: 1 job:<game>  2 evaluations:<game>  3 payloads  4 places  5 jobs  6 users  7 attempts  8 holders
--       9 exhausted  10-12 waiting of every phase  13-15 leases of every phase
-- ARGV: 1 game_id  2 generation  3 user_id  4 phase  5 phase_rank (1-3)  6 segment_count  7 position_count
--       8 priority  9 enqueued_at_ms ('' is now)  10 priority_boost_ms  11 fair_share_ms  12 call_id
--       13 payload
-- Answers: 'enqueued' | 'joined' | 'promoted' | 'stale'
-- Guarantees: one generation of a game is in the queue, the newest; its waiting units all stand at its place.
-- The same call_id again changes nothing and gets the same answer. Refused when memory is full.
-- include shared/drop_job.lua
-- include shared/lease.lua
local job, evaluations, payloads, places, jobs, users, attempts, holders, exhausted =
    KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7], KEYS[8], KEYS[9]
local waiting, leases = { KEYS[10], KEYS[11], KEYS[12] }, { KEYS[13], KEYS[14], KEYS[15] }
local game_id, generation, user_id, phase, phase_rank = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local segment_count, position_count, priority = tonumber(ARGV[6]), ARGV[7], tonumber(ARGV[8])
local enqueued_at_ms, priority_boost_ms, fair_share_ms = ARGV[9], tonumber(ARGV[10]), tonumber(ARGV[11])
local call_id, payload = ARGV[12], ARGV[13]

local function write_place(score, with_priority)
    local text = string.format('%.0f', score)
    redis.call('HSET', places, game_id, text .. ' ' .. with_priority)
    return text
end

local function promote(running_phase, running_count)
    local score, old_priority = string.match(redis.call('HGET', places, game_id), '^(%S+) (%S+)$')
    if priority <= tonumber(old_priority) then
        return 'joined'
    end
    score = write_place(tonumber(score) - (priority - tonumber(old_priority)) * priority_boost_ms, ARGV[8])
    for index = -1, running_count - 1 do
        local unit = game_id .. ':' .. generation .. ':' .. running_phase .. ':' .. index
        for rank = 1, #waiting do
            redis.call('ZADD', waiting[rank], 'XX', score, unit)
        end
    end
    redis.call('HSET', job, 'call_id', call_id, 'answer', 'promoted')
    return 'promoted'
end

local present = redis.call('HMGET', job, 'generation', 'call_id', 'answer', 'phase', 'segment_count')
if present[1] then
    if present[2] == call_id then
        return present[3]
    end
    if tonumber(present[1]) > tonumber(generation) then
        return 'stale'
    end
    if present[1] == generation then
        return promote(present[4], tonumber(present[5]))
    end
    drop_job({
        job = job, evaluations = evaluations, payloads = payloads, places = places, jobs = jobs,
        users = users, attempts = attempts, holders = holders, exhausted = exhausted,
        waiting = waiting, leases = leases,
    }, game_id)
end

if enqueued_at_ms == '' then
    enqueued_at_ms = string.format('%.0f', now_ms())
end
local unfinished = redis.call('HINCRBY', users, user_id, 1) - 1
local score = write_place(
    tonumber(enqueued_at_ms) - priority * priority_boost_ms + unfinished * fair_share_ms, ARGV[8])
redis.call('HSET', job, 'generation', generation, 'user_id', user_id, 'phase', phase,
    'phase_rank', phase_rank, 'segment_count', segment_count, 'position_count', position_count,
    'finished', 0, 'positions_finished', 0, 'call_id', call_id, 'answer', 'enqueued')
redis.call('HSET', payloads, game_id, payload)
redis.call('ZADD', jobs, enqueued_at_ms, game_id)
for index = 0, segment_count - 1 do
    local unit = game_id .. ':' .. generation .. ':' .. phase .. ':' .. index
    redis.call('ZADD', waiting[phase_rank], score, unit)
end
return 'enqueued'
