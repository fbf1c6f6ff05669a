-- drop_job: remove every trace of a job, whatever phase it is in.
-- `keys` names the keys; `waiting` and `leases` in it are lists over all phases.

local function forget_token(keys, unit)
    local record = redis.call('HGET', keys.attempts, unit)
    if not record then
        return
    end
    local token = string.match(record, '^%d+ %d+ (.*)$')
    if redis.call('HGET', keys.holders, token) == unit then
        redis.call('HDEL', keys.holders, token)
    end
    redis.call('HDEL', keys.attempts, unit)
end

local function leave_user(users, user)
    if redis.call('HINCRBY', users, user, -1) <= 0 then
        redis.call('HDEL', users, user)
    end
end

local function drop_job(keys, game_id)
    local job = redis.call('HMGET', keys.job, 'generation', 'phase', 'segment_count', 'user_id')
    local generation, phase, segment_count, user = job[1], job[2], tonumber(job[3]), job[4]
    for index = -1, segment_count - 1 do
        local unit = game_id .. ':' .. generation .. ':' .. phase .. ':' .. index
        forget_token(keys, unit)
        redis.call('ZREM', keys.exhausted, unit)
        for rank = 1, #keys.waiting do
            redis.call('ZREM', keys.waiting[rank], unit)
            redis.call('ZREM', keys.leases[rank], unit)
        end
    end
    redis.call('DEL', keys.job, keys.evaluations)
    redis.call('HDEL', keys.payloads, game_id)
    redis.call('HDEL', keys.places, game_id)
    redis.call('ZREM', keys.jobs, game_id)
    leave_user(keys.users, user)
end
