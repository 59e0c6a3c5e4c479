-- Raises epochs of many accounts of one shard, never lowers one.
-- KEYS epochs   ARGV for each what PostgreSQL has, or '' for an account that is gone: its epoch is forgotten
for i, key in ipairs(KEYS) do
  if ARGV[i] == '' then
    redis.call('DEL', key)
  else
    local known = redis.call('GET', key)
    if known and tonumber(known) < tonumber(ARGV[i]) then redis.call('SET', key, ARGV[i]) end
  end
end
return #KEYS
