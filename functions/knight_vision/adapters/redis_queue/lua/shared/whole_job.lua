-- whole_job: the keys of everything that a job may have left a trace in, and how to remove every trace.
-- Expects KEYS: 1 records  2 jobs  3 users  4 lines  5 results:<game>  6 attempts  7 holders  8 exhausted
-- 9-11 behind of every phase  12-14 leases of every phase  15-26 waiting of every phase and, within it, priority

local keys = {
    records = KEYS[1], jobs = KEYS[2], users = KEYS[3], lines = KEYS[4], results = KEYS[5],
    attempts = KEYS[6], holders = KEYS[7], exhausted = KEYS[8],
}

-- The keys of one phase, as shared/line_up.lua wants them.
local function at_phase(phase, rank)
    local waiting = {}
    for priority = 0, 3 do
        waiting[priority] = KEYS[11 + rank * 4 + priority]
    end
    return {
        phase = phase, waiting = waiting, behind = KEYS[8 + rank], leases = KEYS[11 + rank],
        lines = keys.lines, records = keys.records,
    }
end

local function leave_user(users, user)
    if redis.call('HINCRBY', users, user, -1) <= 0 then
        redis.call('HDEL', users, user)
    end
end

local function forget_token(unit)
    local _, _, token = read_attempts(keys.attempts, unit)
    if not token then
        return
    end
    local held = redis.call('HGET', keys.holders, token)
    if held and string.match(held, '^(.*) %d+$') == unit then
        redis.call('HDEL', keys.holders, token)
    end
    redis.call('HDEL', keys.attempts, unit)
end

local function drop_job(game_id, job, now, fair_share_ms)
    local at = at_phase(job.phase, job.phase_rank)
    local place = read_place(keys.records, game_id)
    local units = {}
    for index = -1, job.segment_count - 1 do
        local unit = game_id .. ':' .. job.generation .. ':' .. job.phase .. ':' .. index
        units[#units + 1] = unit
        forget_token(unit)
    end
    for _, key in ipairs({ at.waiting[place.priority], at.leases, keys.exhausted }) do
        redis.call('ZREM', key, unpack(units))
    end
    local member = behind_member(place, game_id, job.generation, job.segment_count)
    if redis.call('ZREM', at.behind, member) == 0 then
        pass_on(at, place, game_id, now, fair_share_ms)
    end
    redis.call('DEL', keys.results)
    forget_records(keys.records, game_id)
    redis.call('ZREM', keys.jobs, game_id)
    leave_user(keys.users, place.user)
end
