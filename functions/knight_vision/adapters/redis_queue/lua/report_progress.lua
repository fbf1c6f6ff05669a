#!lua flags=allow-oom
-- report_progress: note how many positions of a claimed segment are searched.
-- KEYS: 1 leases:<phase>  2 attempts
-- ARGV: 1 unit  2 token  3 positions_done
-- Answers: 'ok' | 'stale'
-- Guarantees: for display only; forgotten when the unit is claimed anew. Nothing changes unless the token
-- holds the unit.
-- include shared/clock.lua
-- include shared/lease.lua
local leases, attempts = KEYS[1], KEYS[2]
local unit, token, positions_done = ARGV[1], ARGV[2], ARGV[3]

local state, count = standing(attempts, leases, unit, token, now_ms())
if state ~= 'held' then
    return 'stale'
end
write_attempts(attempts, unit, count, positions_done, token)
return 'ok'
