#!lua
-- enqueue_again: enqueue where the game has a job: join it, promote it, or replace an older generation.
-- KEYS: 1-26 as shared/whole_job.lua
-- ARGV: 1-10 as enqueue.lua  11 phase_rank (1-3)  12 fair_share_ms  13 call_id (as in 9)
-- Answers: 'enqueued' | 'joined' | 'promoted' | 'stale'
-- Guarantees: one generation of a game is in the queue, the newest; all its units have one place.
-- The same call_id again changes nothing and gets the same answer, also that of enqueue. Refused when memory is full.
-- include shared/clock.lua
-- include shared/lease.lua
-- include shared/place.lua
-- include shared/line_up.lua
-- include shared/pass_on.lua
-- include shared/records.lua
-- include shared/new_job.lua
-- include shared/whole_job.lua
local game_id, generation, phase, priority, enqueued_at_ms = ARGV[1], ARGV[2], ARGV[4], tonumber(ARGV[6]), ARGV[7]
local phase_rank, fair_share_ms, call_id = tonumber(ARGV[11]), tonumber(ARGV[12]), ARGV[13]
local now = now_ms()

-- The same generation is there: it moves to the more urgent line with all of it that waits.
local function promote(place, job)
    local at, running_count = at_phase(job.phase, job.phase_rank), job.segment_count
    local was_behind =
        redis.call('ZREM', at.behind, behind_member(place, game_id, generation, running_count)) == 1
    local report = game_id .. ':' .. generation .. ':' .. job.phase .. ':-1'
    local moved = {}
    for index = -1, running_count - 1 do
        local unit = game_id .. ':' .. generation .. ':' .. job.phase .. ':' .. index
        if redis.call('ZREM', at.waiting[place.priority], unit) == 1 then
            moved[#moved + 1] = unit
        end
    end
    pass_on(at, place, game_id, now, fair_share_ms)
    place.priority = priority
    if was_behind then
        place.ms, place.ready_ms = math.max(place.ms, now), now
    end
    job.call_id, job.answer = call_id, 'promoted'
    redis.call('HSET', keys.records, game_id, place_text(place), 'job ' .. game_id, job_text(job))
    if was_behind or #moved == running_count and moved[1] ~= report then
        -- Nothing of it is claimed yet: it stands behind the user's other urgent games, if there are any.
        line_up(at, place, game_id, generation, running_count)
    elseif #moved > 0 then
        redis.call('HSETNX', at.lines, line_of(at, place), game_id)
        for _, unit in ipairs(moved) do
            redis.call('ZADD', at.waiting[priority], place.ms, unit)
        end
    end
    return 'promoted'
end

local now_text = string.format('%.0f', now)
local ms = enqueued_at_ms == '' and now_text or enqueued_at_ms
if redis.call('ZADD', keys.jobs, 'NX', ms, game_id) == 0 then
    local job = read_job(keys.records, game_id)
    if job.call_id == call_id then
        return job.answer
    end
    if tonumber(job.generation) > tonumber(generation) then
        return 'stale'
    end
    local place = read_place(keys.records, game_id)
    if job.generation == generation then
        return priority <= place.priority and 'joined' or promote(place, job)
    end
    drop_job(game_id, job, now, fair_share_ms)
    redis.call('ZADD', keys.jobs, ms, game_id)
end

local at = at_phase(phase, phase_rank)
add_job(keys.records, keys.users, keys.lines, at.behind, at.waiting[priority], ms, now_text)
return 'enqueued'
