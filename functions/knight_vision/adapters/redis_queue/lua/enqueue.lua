#!lua
-- enqueue: put a job into its line, join the one that is there, promote it, or replace an older generation.
-- KEYS: 1-28 as shared/whole_job.lua; or, for the common case, 1-6 of them, 7 behind:<phase>  8 waiting of the
--       job's own phase and priority
-- ARGV: 1 game_id  2 generation  3 user_id  4 phase  5 phase_rank (1-3)  6 segment_count  7 position_count
--       8 priority (0-3)  9 enqueued_at_ms ('' is now)  10 budget (0, or 100 when it is
--       not to shrink)  11 fair_share_ms  12 call_id  13 payload
-- Answers: 'enqueued' | 'joined' | 'promoted' | 'stale', or with the few keys 'all_keys': it takes more of them
-- Guarantees: one generation of a game is in the queue, the newest; all its units have one place.
-- The same call_id again changes nothing and gets the same answer. Refused when memory is full.
-- include shared/lease.lua
-- include shared/lines.lua
-- include shared/whole_job.lua
local game_id, generation, user_id, phase, phase_rank = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local segment_count, position_count, priority = tonumber(ARGV[6]), ARGV[7], tonumber(ARGV[8])
local enqueued_at_ms, budget, fair_share_ms = ARGV[9], tonumber(ARGV[10]), tonumber(ARGV[11])
local call_id, payload = ARGV[12], ARGV[13]
local has_few_keys = #KEYS == 8
local now = now_ms()

-- The same generation is there: it moves to the more urgent line with all of it that waits.
local function promote(place, running_phase, running_rank, running_count)
    local at = at_phase(running_phase, running_rank)
    local was_behind =
        redis.call('ZREM', at.behind, behind_member(place, game_id, generation, running_count)) == 1
    local report = game_id .. ':' .. generation .. ':' .. running_phase .. ':-1'
    local moved = {}
    for index = -1, running_count - 1 do
        local unit = game_id .. ':' .. generation .. ':' .. running_phase .. ':' .. index
        if redis.call('ZREM', at.waiting[place.priority], unit) == 1 then
            moved[#moved + 1] = unit
        end
    end
    pass_on(at, place, game_id, now, fair_share_ms)
    place.priority = priority
    write_place(keys.places, game_id, place)
    if was_behind then
        place.ms = math.max(place.ms, now)
        line_up(at, place, game_id, generation, running_count, now)
    elseif #moved == running_count and moved[1] ~= report then
        -- Nothing of it is claimed yet: it stands behind the user's other urgent games, if there are any.
        line_up(at, place, game_id, generation, running_count, place.ready_ms)
    elseif #moved > 0 then
        redis.call('HSETNX', at.lines, line_of(at, place), game_id)
        for _, unit in ipairs(moved) do
            redis.call('ZADD', at.waiting[priority], place.ms, unit)
        end
    end
    redis.call('HSET', keys.job, 'call_id', call_id, 'answer', 'promoted')
    return 'promoted'
end

local present =
    redis.call('HMGET', keys.job, 'generation', 'call_id', 'answer', 'phase', 'phase_rank', 'segment_count')
if present[1] then
    if present[2] == call_id then
        return present[3]
    end
    if tonumber(present[1]) > tonumber(generation) then
        return 'stale'
    end
    local place = read_place(keys.places, game_id)
    if present[1] == generation and priority <= place.priority then
        return 'joined'
    end
    if has_few_keys then
        return 'all_keys'
    end
    if present[1] == generation then
        return promote(place, present[4], tonumber(present[5]), tonumber(present[6]))
    end
    drop_job(game_id, now, fair_share_ms)
end

local enqueued_at = enqueued_at_ms == '' and now or tonumber(enqueued_at_ms)
redis.call('HINCRBY', keys.users, user_id, 1)
redis.call('HSET', keys.job, 'generation', generation, 'phase', phase, 'phase_rank', phase_rank,
    'segment_count', segment_count, 'position_count', position_count, 'finished', 0, 'positions_finished', 0,
    'call_id', call_id, 'answer', 'enqueued')
redis.call('HSET', keys.payloads, game_id, payload)
redis.call('ZADD', keys.jobs, enqueued_at, game_id)
local place = {
    ms = enqueued_at, priority = priority, ready_ms = now, budget = budget, enqueued_at = enqueued_at, user = user_id,
}
local at = has_few_keys and {
    phase = phase, behind = KEYS[7], waiting = { [priority] = KEYS[8] }, lines = keys.lines, places = keys.places,
} or at_phase(phase, phase_rank)
line_up(at, place, game_id, generation, segment_count, now)
return 'enqueued'
