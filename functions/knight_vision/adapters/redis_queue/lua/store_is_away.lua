#!lua flags=allow-oom
-- store_is_away: tell all workers that the store does not answer.
-- KEYS: 1 store_away
-- ARGV: 1 first_pause_ms  2 longest_pause_ms
-- Answers: 'paused'
-- Guarantees: claim gives nothing until the pause is over; each failed probe doubles it, up to the longest.
-- During a pause only the one who was asked to look makes it longer, so that many workers who fail at once,
-- or one call executed twice, count once.
-- include shared/clock.lua
local store_away = KEYS[1]
local first_pause_ms, longest_pause_ms = tonumber(ARGV[1]), tonumber(ARGV[2])
local now = now_ms()

local away = redis.call('HMGET', store_away, 'failures', 'until_ms', 'probe_token')
if away[1] and not away[3] and now < tonumber(away[2]) then
    return 'paused'
end
local failures = tonumber(away[1] or 0) + 1
local pause_ms = math.min(longest_pause_ms, first_pause_ms * 2 ^ math.min(failures - 1, 10))
redis.call('HSET', store_away, 'failures', failures, 'until_ms', string.format('%.0f', now + pause_ms))
redis.call('HDEL', store_away, 'probe_token')
return 'paused'
