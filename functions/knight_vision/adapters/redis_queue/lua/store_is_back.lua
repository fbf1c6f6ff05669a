#!lua flags=allow-oom
-- store_is_back: end the pause of the workers.
-- KEYS: 1 store_away
-- ARGV: none
-- Answers: 'resumed'
-- Guarantees: claim gives work again.
redis.call('DEL', KEYS[1])
return 'resumed'
