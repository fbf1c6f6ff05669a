#!lua flags=no-writes
-- activity: what happened in the last hour, as shared/activity.lua wrote it down.
-- KEYS: 1 activity
-- ARGV: none
-- Answers: {now_ms, field, number, field, number, …}, of the last hour and perhaps before
-- Guarantees: one moment of the queue; changes nothing.
-- include shared/clock.lua
local answer = redis.call('HGETALL', KEYS[1])
table.insert(answer, 1, now_ms())
return answer
