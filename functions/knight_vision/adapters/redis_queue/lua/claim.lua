#!lua flags=allow-oom
-- claim: give the first unit in line of a phase to a worker and count the attempt.
-- KEYS: 1 behind:<phase>  2 leases:<phase>  3 lines  4 records  5 attempts  6 holders  7 store_away  8 activity
--       9-12 waiting:<phase> of every priority  13 calls:<phase>
-- ARGV: 1 phase  2 token  3 lease_ms  4 priority_boost_ms  5 fair_share_ms  6 degrade_after_ms (0: never)
--       7 degrade_floor_percent  8 probe_ms  9 '1' when a called function begins with it: it answers a call
-- Answers: {unit, attempt, priority, enqueued_at_ms, waited_ms, budget_percent, payload}, or nothing when
-- nothing waits; while the store is away 'wait', or 'probe' to one caller at a time
-- Guarantees: until the lease ends no other token is given this unit. The same token again gets the same
-- answer again. Runs when memory is full, so that a full queue can be worked off.
-- include shared/clock.lua
-- include shared/lease.lua
-- include shared/place.lua
-- include shared/line_up.lua
-- include shared/pass_on.lua
-- include shared/activity.lua
-- include shared/claim_unit.lua
if ARGV[9] == '1' and redis.call('HEXISTS', KEYS[6], ARGV[2]) == 0 then
    -- The oldest, since nobody can tell them apart.
    redis.call('ZPOPMIN', KEYS[13])
end
return claim_unit(now_ms())
