#!lua
-- unfinished_games: how many games of a user are in the queue, asked before another is accepted.
-- KEYS: 1 users
-- ARGV: 1 user_id
-- Answers: a number
-- Guarantees: changes nothing. Not flagged as free of writes, so that it is refused when memory is full, as
-- the enqueue that follows it would be.
return tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or 0)
