#!lua flags=allow-oom
-- allow_calls: say how many functions of a phase to call, and count them as on their way.
-- KEYS: 1 calls:<phase>  2 leases:<phase>  3 records
-- ARGV: 1 call_id  2 wanted  3 most (at work and on their way)  4 least (while none is on its way)  5 call_life_ms
--       6… for each of some jobs, of which those that are new count: game_id, the call_id of its enqueue, segment_count
-- Answers: how many to call, 0 to `wanted`; where there are jobs, to the segments of those that their enqueue put
--          there, if they are fewer
-- Guarantees: a call counts until a claim answers it or its life ends. The same call_id again gets the same answer
-- while its calls count.
-- include shared/clock.lua
-- include shared/records.lua
local calls, leases = KEYS[1], KEYS[2]
local call_id, wanted, most, least, call_life_ms =
    ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local now = now_ms()

redis.call('ZREMRANGEBYSCORE', calls, '-inf', now - call_life_ms)
local repeated = 0
while redis.call('ZSCORE', calls, call_id .. ':' .. repeated) do
    repeated = repeated + 1
end
if repeated > 0 then
    return repeated
end
if #ARGV > 5 then
    local new = 0
    for at = 6, #ARGV, 3 do
        local job = read_job(KEYS[3], ARGV[at])
        if job and job.call_id == ARGV[at + 1] and job.answer == 'enqueued' then
            new = new + tonumber(ARGV[at + 2])
        end
    end
    wanted = math.min(wanted, new)
end
local on_their_way = redis.call('ZCARD', calls)
local room = most - redis.call('ZCARD', leases) - on_their_way
if on_their_way == 0 then
    room = math.max(room, least)
end
local allowed = math.max(0, math.min(wanted, room))
for number = 0, allowed - 1 do
    redis.call('ZADD', calls, now, call_id .. ':' .. number)
end
return allowed
