-- Moves usage that waits into the stream, as one entry of fields and amounts. In one step: what is in the stream is no
-- longer waiting, what waits is not in the stream.
-- KEYS 1 usage that waits   2 usage stream      Answer: how many fields were moved
local page = redis.call('HSCAN', KEYS[1], 0, 'COUNT', 1000)[2]
if #page == 0 then return 0 end
-- A small hash comes whole, whatever COUNT says; a command takes some thousand arguments.
for from = 1, #page, 2000 do
  local to = math.min(from + 1999, #page)
  redis.call('XADD', KEYS[2], '*', unpack(page, from, to))
  local names = {}
  for i = from, to, 2 do names[#names + 1] = page[i] end
  redis.call('HDEL', KEYS[1], unpack(names))
end
return #page / 2
