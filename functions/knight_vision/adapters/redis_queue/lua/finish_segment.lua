#!lua flags=allow-oom
-- finish_segment: store a segment's evaluations; whoever stores the last one holds the report from then on.
-- KEYS: 1 results:<game>  2 leases:<phase>  3 attempts  4 holders  5 rates  6 activity
-- ARGV: 1 unit  2 token  3 phase  4 segment  5 segment_count (of the phase)  6 report (its unit)
--       7 evaluations (JSON)  8 positions (their number)  9 search_ms  10 rate_weight
--       11 known (how many of the positions other games' searches had found)
-- Answers: 'segment_finished' | 'phase_ready' | 'stale'
-- Guarantees: a segment is stored once, by the holder of its lease; exactly one token gets 'phase_ready' for
-- a phase, and the lease of its segment passes to the report. The same call again gets the same answer.
-- include shared/clock.lua
-- include shared/lease.lua
-- include shared/activity.lua
-- include shared/finish_unit.lua
return finish_unit({
    results = KEYS[1], leases = KEYS[2], attempts = KEYS[3], holders = KEYS[4], rates = KEYS[5], activity = KEYS[6],
}, 1, now_ms())
