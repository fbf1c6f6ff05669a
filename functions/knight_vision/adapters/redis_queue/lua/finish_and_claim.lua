#!lua flags=allow-oom
-- finish_and_claim: finish_segment, and then claim in the same phase, in one round trip.
-- KEYS: 1-12 as claim.lua  13 results:<game>  14 rates
-- ARGV: 1-8 as claim.lua (with the token of the new claim)  9-19 as finish_segment.lua
-- Answers: {the answer of finish_segment, the answer of claim or nothing}
-- Guarantees: those of both. Claims only after 'segment_finished': whoever holds the report, or lost the lease,
-- holds nothing else.
-- include shared/clock.lua
-- include shared/lease.lua
-- include shared/place.lua
-- include shared/line_up.lua
-- include shared/pass_on.lua
-- include shared/activity.lua
-- include shared/claim_unit.lua
-- include shared/finish_unit.lua
local now = now_ms()
local finished = finish_unit({
    results = KEYS[13], leases = KEYS[2], attempts = KEYS[5], holders = KEYS[6], rates = KEYS[14], activity = KEYS[8],
}, 9, now)
-- A repeated call may find that the job has gone on meanwhile, but its token still holds what it claimed.
if finished ~= 'segment_finished' and redis.call('HEXISTS', KEYS[6], ARGV[2]) == 0 then
    return { finished }
end
return { finished, claim_unit(now) }
