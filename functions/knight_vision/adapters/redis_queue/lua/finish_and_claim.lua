#!lua flags=allow-oom
-- finish_and_claim: finish_segment, and then claim in the same phase, in one round trip.
-- KEYS: 1-13 as claim.lua  14 job:<game>  15 evaluations:<game>  16 rates
-- ARGV: 1-8 as claim.lua (with the token of the new claim)  9-18 as finish_segment.lua
-- Answers: {the answer of finish_segment, the answer of claim or nothing}
-- Guarantees: those of both. Claims only after 'segment_finished': whoever holds the report, or lost the lease,
-- holds nothing else.
-- include shared/lease.lua
-- include shared/lines.lua
-- include shared/activity.lua
-- include shared/claim_unit.lua
-- include shared/finish_unit.lua
local now = now_ms()
local finished = finish_unit({
    job = KEYS[14], evaluations = KEYS[15], leases = KEYS[2], attempts = KEYS[6], holders = KEYS[7],
    rates = KEYS[16], activity = KEYS[9],
}, 9, now)
-- A repeated call may find that the job has gone on meanwhile, but its token still holds what it claimed.
if finished ~= 'segment_finished' and redis.call('HEXISTS', KEYS[7], ARGV[2]) == 0 then
    return { finished }
end
return { finished, claim_unit(now) }
