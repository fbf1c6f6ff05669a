#!lua flags=no-writes
-- known: those of the games that have a job in the queue.
-- KEYS: 1 jobs
-- ARGV: game ids, at least one
-- Answers: a list of game ids
-- Guarantees: one moment of the queue; changes nothing.
local jobs = KEYS[1]

local found = {}
for index, enqueued_at_ms in ipairs(redis.call('ZMSCORE', jobs, unpack(ARGV))) do
    if enqueued_at_ms then
        found[#found + 1] = ARGV[index]
    end
end
return found
