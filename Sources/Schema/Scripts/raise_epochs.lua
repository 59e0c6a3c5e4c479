-- Raises epochs of many accounts of one shard, never lowers one.
-- KEYS epochs   ARGV for each what PostgreSQL has, or '' for an account that is gone: its epoch is forgotten
-- Answer: how many of them were there. All, since the caller has just read their names here.
local found = 0
for i, key in ipairs(KEYS) do
  local known = redis.call('GET', key)
  if known then found = found + 1 end
  if ARGV[i] == '' then
    redis.call('DEL', key)
  else
    if known and tonumber(known) < tonumber(ARGV[i]) then redis.call('SET', key, ARGV[i]) end
  end
end
return found
