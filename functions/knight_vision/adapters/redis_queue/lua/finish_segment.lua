#!lua flags=allow-oom
-- finish_segment: store a segment's evaluations; whoever stores the last one holds the report from then on.
-- KEYS: 1 job:<game>  2 evaluations:<game>  3 leases:<phase>  4 attempts  5 holders  6 rates
--       7 activity
-- ARGV: 1 unit  2 token  3 generation  4 phase  5 segment  6 report (its unit)  7 evaluations (JSON)
--       8 positions (their number)  9 search_ms  10 rate_weight
-- Answers: 'segment_finished' | 'phase_ready' | 'stale'
-- Guarantees: a segment is stored once, by the holder of its lease; exactly one token gets 'phase_ready' for
-- a phase, and the lease of its segment passes to the report. The same call again gets the same answer.
-- include shared/lease.lua
-- include shared/activity.lua
-- include shared/finish_unit.lua
return finish_unit({
    job = KEYS[1], evaluations = KEYS[2], leases = KEYS[3], attempts = KEYS[4], holders = KEYS[5],
    rates = KEYS[6], activity = KEYS[7],
}, 1, now_ms())
