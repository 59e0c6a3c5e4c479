-- Raises an account's epoch, never lowers it: of two changes that commit in one order and arrive in the other, the
-- newer one stands.
-- KEYS 1 epoch   2 warrant, if ARGV 2 is there
-- ARGV 1 the epoch that PostgreSQL committed   2 identity of this server
-- Answer: the epoch that is there now, a space, and the server that the warrant names, if there is one. Where that is
-- not this server, others may still go by another one. Facts, so that the caller sees whether they are what it wished.
local epoch = redis.call('GET', KEYS[1])
if not epoch or tonumber(epoch) < tonumber(ARGV[1]) then
  epoch = ARGV[1]
  redis.call('SET', KEYS[1], epoch)
end
return epoch .. ' ' .. (ARGV[2] and redis.call('GET', KEYS[2]) or '')
