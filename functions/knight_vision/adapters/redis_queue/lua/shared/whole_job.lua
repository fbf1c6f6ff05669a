-- whole_job: the keys of everything that a job may have left a trace in, and how to remove every trace.
-- Expects KEYS: 1 job:<game>  2 payloads  3 places  4 jobs  5 users  6 lines  7 evaluations:<game>  8 attempts
-- 9 holders  10 exhausted  11-13 behind of every phase  14-16 leases of every phase
-- 17-28 waiting of every phase and, within it, priority

local keys = {
    job = KEYS[1], payloads = KEYS[2], places = KEYS[3], jobs = KEYS[4], users = KEYS[5], lines = KEYS[6],
    evaluations = KEYS[7], attempts = KEYS[8], holders = KEYS[9], exhausted = KEYS[10],
}

-- The keys of one phase, as shared/lines.lua wants them.
local function at_phase(phase, rank)
    local waiting = {}
    for priority = 0, 3 do
        waiting[priority] = KEYS[13 + rank * 4 + priority]
    end
    return {
        phase = phase, waiting = waiting, behind = KEYS[10 + rank], leases = KEYS[13 + rank],
        lines = keys.lines, places = keys.places,
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

local function drop_job(game_id, now, fair_share_ms)
    local job = redis.call('HMGET', keys.job, 'generation', 'phase', 'phase_rank', 'segment_count')
    local generation, phase, segment_count = job[1], job[2], tonumber(job[4])
    local at = at_phase(phase, tonumber(job[3]))
    local place = read_place(keys.places, game_id)
    local units = {}
    for index = -1, segment_count - 1 do
        local unit = game_id .. ':' .. generation .. ':' .. phase .. ':' .. index
        units[#units + 1] = unit
        forget_token(unit)
    end
    for _, key in ipairs({ at.waiting[place.priority], at.leases, keys.exhausted }) do
        redis.call('ZREM', key, unpack(units))
    end
    local member = behind_member(place, game_id, generation, segment_count)
    if redis.call('ZREM', at.behind, member) == 0 then
        pass_on(at, place, game_id, now, fair_share_ms)
    end
    redis.call('DEL', keys.job, keys.evaluations)
    redis.call('HDEL', keys.payloads, game_id)
    redis.call('HDEL', keys.places, game_id)
    redis.call('ZREM', keys.jobs, game_id)
    leave_user(keys.users, place.user)
end
