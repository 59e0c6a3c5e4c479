-- Raises an account's epoch, never lowers it: of two changes that commit in one order and arrive in the other, the
-- newer one stands.
-- KEYS 1 epoch   ARGV 1 the epoch that PostgreSQL committed
local known = redis.call('GET', KEYS[1])
if not known or tonumber(known) < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], ARGV[1]) end
return redis.call('GET', KEYS[1])
