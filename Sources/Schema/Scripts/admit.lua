-- One request's whole business with Redis: is the caller's picture of the account still true, is there room in every
-- window, may it run now; if all is well it is counted, and the usage event is written. All or nothing: a refused
-- request leaves no trace in any window.
--
-- KEYS  1 epoch of the account   2 ring of the account   3 usage that waits to be taken in
--       4 last calls of worker threads
--       then the session, if ARGV 7 is not ''; the leases of running requests, if ARGV 9 is there; the ring of the
--       endpoint, if ARGV 11 is not ''; last the warrant, if ARGV 12 is there
-- ARGV  1 expected epoch, or '' to ask for none
--       2 usage event of this request, or ''
--       3 what earlier requests came to: fields and amounts in turn, between spaces, or ''
--       4 worker thread, '' for none      5 number of its call
--       6 windows of ring 2: doubles, how many, then for each quota and seconds
--       7 seconds after which a session that nobody uses ends; '' for a call without a session
--       Mostly that is all, since every argument costs time. Else:
--       8 '1' if the expected epoch was just read from PostgreSQL: an older one here, or none, is raised to it; '2' if it
--         was read after this script had named a newer one: then PostgreSQL, whose word counts, has gone back; '' if it
--         comes from a cache
--       9 how many leases may be out, 0 for any number, '' for no lease      10 seconds that a lease lasts if nobody gives it back
--      11 windows of the endpoint's ring, like 6, or ''
--      12 identity of this server, where others may have taken its place: its epochs are true only while a warrant of
--         petstore watch names it. Without one only a principal that was just read from PostgreSQL counts.
--
-- Answer: one string.
--   E <epoch>             the epoch differs (or is '' when there is none), or the session is not known here
--   A <r> <t> … <name> A           admitted; for each window what remains and the seconds until more does
--   R <bits> <r> <t> … <name> R    refused; bit i of <bits> is set when window i (from 0) is full
--   C <r> <t> … <name> C           refused: all leases are out
-- <name> is ARGV 4, a dash and ARGV 5: an answer says which call it answers, and its word at both ends, so that no bytes that
-- were changed or lost on their way make it another call's, or a refusal an admission.
--
-- A ring is one string: a header of doubles, then 7-byte stamps in microseconds. Windows are half-open: of the stamps
-- s with now - s < length there are never more than the quota. Each window remembers its oldest stamp (its tail), so a
-- decision costs the same at any quota: tails only move forward, and over a long gap they are found by bisection.
--
-- Header: windows, capacity, head (stamps ever written), newest stamp, clock offset, expiry of the key in ms,
--         then for each window: length in us, tail (index of its oldest stamp), that stamp.
-- The clock is Redis's own. If it steps back, the offset grows by the step: time stands still for no one and runs
-- back for no one.

local time = redis.call('TIME')
local clock = time[1] * 1000000 + time[2]
local FIXED, PER, STAMP = 6, 3, 7
-- Numbers are written by '%d' throughout: what redis.call and '..' do with a number costs half a microsecond each time.
local format, pack, unpackStruct = string.format, struct.pack, struct.unpack

local expected, source, server = ARGV[1], ARGV[8] or '', ARGV[12]
-- What the caller holds is not true any more, or not known here.
local stale
if server and expected ~= '' and redis.call('GET', KEYS[#KEYS]) ~= server then
  if source == '' then stale = '' end
elseif expected ~= '' then
  local epoch = redis.call('GET', KEYS[1])
  if epoch ~= expected and (source == '2'
    or source == '1' and (not epoch or tonumber(epoch) < tonumber(expected))) then
    redis.call('SET', KEYS[1], expected)
    epoch = expected
  end
  if epoch ~= expected then stale = epoch or '' end
end

-- A session lives here as a key that ends by itself when nobody uses it. It holds when it was last prolonged, so that this
-- is done for every hundredth part of its idle time at most: a write costs more than the reading. One that is missing
-- may have ended or been forgotten: PostgreSQL knows, and whoever has just asked there makes it anew.
local further = 5
if ARGV[7] ~= '' and not stale then
  further = 6
  local prolonged = tonumber(redis.call('GET', KEYS[5]) or '')
  local idle = ARGV[7] * 1000000
  if not prolonged and source == '' then
    stale = ''
  elseif not prolonged or clock - prolonged > idle / 100 or clock < prolonged then
    redis.call('SET', KEYS[5], format('%d', clock), 'PX', format('%d', math.ceil(idle * 1.01 / 1000)))
  end
end

local takesLease = ARGV[9] and ARGV[9] ~= ''
local cap = takesLease and tonumber(ARGV[9]) or 0
local endpointWindows = ARGV[11] or ''

-- The oldest stamp inside a window that begins after `past`, and its index: from a tail that has fallen out of it. Mostly
-- the next one; after a long gap it is found by bisection. The newest stamp lies inside.
local function forward(at, head, tail, past)
  local stamp
  for _ = 1, 4 do
    tail = tail + 1
    stamp = at(tail)
    if stamp > past then return tail, stamp end
  end
  local low, high = tail, head - 1
  while high - low > 1 do
    local middle = math.floor((low + high) / 2)
    if at(middle) <= past then low = middle else high = middle end
  end
  return high, at(high)
end

-- The common case, written flat and before further functions are made, because every authenticated request comes by here:
-- three windows, a ring of the right shape, no lease, no step of the clock, no gap longer than a window, room in every
-- window. Where that is not so it ends having changed nothing, and the general way follows.
if #ARGV[6] == 56 and cap == 0 and endpointWindows == '' and not stale then
  local key = KEYS[2]
  local raw = redis.call('GETRANGE', key, '0', '119')
  if #raw == 120 then
    local n, capacity, head, newest, offset, expiry, l1, t1, s1, l2, t2, s2, l3, t3, s3 =
      unpackStruct('<ddddddddddddddd', raw)
    local _, q1, w1, q2, w2, q3, w3 = unpackStruct('<ddddddd', ARGV[6])
    local now = clock + offset
    local milliseconds = clock / 1000
    local longest = l1
    if l2 > longest then longest = l2 end
    if l3 > longest then longest = l3 end
    longest = longest / 1000
    local fits = n == 3 and l1 == w1 * 1000000 and l2 == w2 * 1000000 and l3 == w3 * 1000000
      and capacity >= q1 and capacity >= q2 and capacity >= q3 and now >= newest
      and newest > now - l1 and newest > now - l2 and newest > now - l3
      and expiry >= milliseconds + longest and expiry <= milliseconds + 3 * longest
    if fits and (s1 <= now - l1 or s2 <= now - l2 or s3 <= now - l3) then
      local function at(i)
        local from = 120 + (i % capacity) * STAMP
        return (unpackStruct('>I7', redis.call('GETRANGE', key, format('%d', from), format('%d', from + STAMP - 1))))
      end
      if s1 <= now - l1 then t1, s1 = forward(at, head, t1, now - l1) end
      if s2 <= now - l2 then t2, s2 = forward(at, head, t2, now - l2) end
      if s3 <= now - l3 then t3, s3 = forward(at, head, t3, now - l3) end
    end
    local r1, r2, r3 = q1 - (head - t1) - 1, q2 - (head - t2) - 1, q3 - (head - t3) - 1
    if fits and r1 >= 0 and r2 >= 0 and r3 >= 0 then
      redis.call('SETRANGE', key, format('%d', 120 + (head % capacity) * STAMP), pack('>I7', now))
      redis.call('SETRANGE', key, '0', pack('<ddddddddddddddd',
        n, capacity, head + 1, now, offset, expiry, l1, t1, s1, l2, t2, s2, l3, t3, s3))
      if ARGV[2] ~= '' then
        redis.call('HINCRBY', KEYS[3], format('%s,%d', ARGV[2], time[1] / 3600), '1')
        redis.call('HSET', KEYS[4], ARGV[4], ARGV[5])
      end
      if ARGV[3] ~= '' then
        for field, amount in string.gmatch(ARGV[3], '(%S+) (%S+)') do
          redis.call('HINCRBY', KEYS[3], field, amount)
        end
      end
      local ceil = math.ceil
      return format('A %d %d %d %d %d %d %s-%s A', r1, ceil((s1 + l1 - now) / 1000000), r2,
        ceil((s2 + l2 - now) / 1000000), r3, ceil((s3 + l3 - now) / 1000000), ARGV[4], ARGV[5])
    end
  end
end

local function open(key, windows)
  local n = #windows
  local shape = '<' .. string.rep('d', FIXED + PER * n)
  local length = 8 * (FIXED + PER * n)
  local capacity = 1
  for i = 1, n do if windows[i].quota > capacity then capacity = windows[i].quota end end
  local ring = {key = key, windows = windows, n = n, shape = shape, length = length}
  local raw = redis.call('GETRANGE', key, 0, length - 1)
  local known = #raw == length and struct.unpack('<d', raw) == n
  if known then
    local h = {struct.unpack(shape, raw)}
    known = h[2] >= capacity
    for i = 1, n do known = known and h[FIXED + PER * (i - 1) + 1] == windows[i].length end
    if known then ring.h = h end
  end
  if not known then
    -- New, or of another shape: keep what stamps there are, oldest first, and begin anew.
    local stamps, count, newest, offset = '', 0, 0, 0
    if #raw >= 8 then
      local old = redis.call('GET', key)
      local oldLength = 8 * (FIXED + PER * struct.unpack('<d', old))
      local _, oldCapacity, oldHead, oldNewest, oldOffset = struct.unpack('<ddddd', old)
      count = math.min(oldHead, oldCapacity)
      newest, offset = oldNewest, oldOffset
      local first = (oldHead - count) % oldCapacity
      local cut = oldLength + first * STAMP
      stamps = string.sub(old, cut + 1, oldLength + count * STAMP) .. string.sub(old, oldLength + 1, cut)
      if count > capacity then
        stamps = string.sub(stamps, (count - capacity) * STAMP + 1)
        count = capacity
      end
    end
    local h = {n, capacity, count, newest, offset, 0}
    for i = 1, n do
      h[FIXED + PER * (i - 1) + 1] = windows[i].length
      h[FIXED + PER * (i - 1) + 2] = 0
      h[FIXED + PER * (i - 1) + 3] = count > 0 and (struct.unpack('>I7', stamps)) or 0
    end
    ring.h, ring.rebuilt = h, stamps
    ring.at = function(i) return (struct.unpack('>I7', stamps, i * STAMP + 1)) end
  else
    local capacity = ring.h[2]
    ring.at = function(i)
      local from = length + (i % capacity) * STAMP
      return (struct.unpack('>I7', redis.call('GETRANGE', key, from, from + STAMP - 1)))
    end
  end
  return ring
end

-- Moves each tail to the oldest stamp inside its window; says what remains and when more will.
local function look(ring)
  local h = ring.h
  if clock + h[5] < h[4] then
    h[5] = h[4] - clock
    ring.stepped = true
  end
  local now = clock + h[5]
  local head = h[3]
  ring.now, ring.full, ring.state = now, {}, {}
  for i = 1, ring.n do
    local window, base = ring.windows[i], FIXED + PER * (i - 1)
    local tail, stamp = h[base + 2], h[base + 3]
    local past = now - window.length
    if tail < head and stamp <= past then
      if h[4] <= past then
        tail = head
      else
        tail, stamp = forward(ring.at, head, tail, past)
      end
      h[base + 2], h[base + 3] = tail, stamp
    end
    local used = head - tail
    window.used = used
    if used >= window.quota then
      ring.full[i] = true
      -- With a quota lowered meanwhile more than the oldest must leave.
      local leaving = used == window.quota and stamp or ring.at(head - math.max(window.quota, 1))
      window.reset = math.ceil((leaving + window.length - now) / 1000000)
    else
      window.reset = used == 0 and 0 or math.ceil((stamp + window.length - now) / 1000000)
    end
  end
end

local function write(ring, admitted)
  local h, key = ring.h, ring.key
  if admitted then
    local head, now = h[3], ring.now
    for i = 1, ring.n do
      local window, base = ring.windows[i], FIXED + PER * (i - 1)
      if h[base + 2] == head then
        h[base + 3] = now
        window.reset = math.ceil(window.length / 1000000)
      end
      window.used = window.used + 1
    end
    h[3], h[4] = head + 1, now
    if ring.rebuilt then ring.rebuilt = ring.rebuilt .. struct.pack('>I7', now) end
  end
  local life, longest = nil, 0
  for i = 1, ring.n do if ring.windows[i].length > longest then longest = ring.windows[i].length end end
  longest = math.ceil(longest / 1000)
  if h[6] < clock / 1000 + longest or h[6] > clock / 1000 + 3 * longest then
    life = 2 * longest
    h[6] = math.floor(clock / 1000) + life
  end
  local header = struct.pack(ring.shape, unpack(h))
  if ring.rebuilt then
    local capacity, count = h[2], #ring.rebuilt / STAMP
    if count > capacity then
      -- One more than fits: the newest takes the place of the oldest.
      ring.rebuilt = string.sub(ring.rebuilt, capacity * STAMP + 1)
        .. string.sub(ring.rebuilt, STAMP + 1, capacity * STAMP)
    end
    redis.call('SET', key, header .. ring.rebuilt)
    life = life or 2 * longest
  else
    redis.call('SETRANGE', key, 0, header)
    if admitted then
      redis.call('SETRANGE', key, ring.length + ((h[3] - 1) % h[2]) * STAMP, struct.pack('>I7', ring.now))
    end
  end
  if life then redis.call('PEXPIRE', key, life) end
end

-- Usage is added up here, one field for each account, key, endpoint and hour, and taken in from here by petstore watch
-- (take_usage.lua): what it costs there does not grow with the number of requests.
local function log(admitted)
  if admitted and ARGV[2] ~= '' then
    redis.call('HINCRBY', KEYS[3], format('%s,%d', ARGV[2], time[1] / 3600), '1')
    -- Whether a call of which its worker heard no answer was run: the thread uses a new name after each such call, so
    -- the number kept under the old one is that call's or an earlier one's.
    redis.call('HSET', KEYS[4], ARGV[4], ARGV[5])
  end
  if ARGV[3] ~= '' then
    for field, amount in string.gmatch(ARGV[3], '(%S+) (%S+)') do
      redis.call('HINCRBY', KEYS[3], field, amount)
    end
  end
end

if stale then
  log(false)
  return 'E ' .. stale
end

local leases, endpointRing
if takesLease then
  leases = KEYS[further]
  further = further + 1
end
if endpointWindows ~= '' then endpointRing = KEYS[further] end
local rings = {}
for index, packed in ipairs({ARGV[6], endpointWindows ~= '' and endpointWindows or nil}) do
  local windows = {}
  local count = unpackStruct('<d', packed)
  for i = 1, count do
    local quota, seconds = unpackStruct('<dd', packed, 16 * i - 7)
    windows[i] = {quota = quota, length = seconds * 1000000}
  end
  if count > 0 then
    local ring = open(index == 1 and KEYS[2] or endpointRing, windows)
    look(ring)
    rings[#rings + 1] = ring
  end
end

local bits, position = 0, 0
for _, ring in ipairs(rings) do
  for i = 1, ring.n do
    if ring.full[i] then bits = bits + 2 ^ position end
    position = position + 1
  end
end

local word = 'A'
if bits > 0 then
  word = string.format('R %d', bits)
else
  if cap > 0 then
    redis.call('ZREMRANGEBYSCORE', leases, '-inf', clock)
    if redis.call('ZCARD', leases) >= cap then
      word = 'C'
    else
      redis.call('ZADD', leases, clock + ARGV[10] * 1000000, ARGV[4] .. '-' .. ARGV[5])
      redis.call('EXPIRE', leases, ARGV[10] * 2)
    end
  end
end

local admitted = word == 'A'
local parts = {word}
for _, ring in ipairs(rings) do
  if admitted or ring.stepped then write(ring, admitted) end
  for i = 1, ring.n do
    local window = ring.windows[i]
    parts[#parts + 1] = string.format('%d %d', math.max(0, window.quota - window.used), math.max(0, window.reset))
  end
end
log(admitted)
parts[#parts + 1] = string.format('%s-%s %s', ARGV[4], ARGV[5], string.sub(word, 1, 1))
return table.concat(parts, ' ')
