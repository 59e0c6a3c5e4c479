-- Raises an account's epoch, never lowers it: of two changes that commit in one order and arrive in the other, the
-- newer one stands.
-- KEYS 1 epoch   2 warrant, if ARGV 2 is there
-- ARGV 1 the epoch that PostgreSQL committed   2 identity of this server
-- Answer: 1; 0 where no warrant names this server: then others may still go by another one.
local known = redis.call('GET', KEYS[1])
if not known or tonumber(known) < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], ARGV[1]) end
if ARGV[2] and redis.call('GET', KEYS[2]) ~= ARGV[2] then return 0 end
return 1
