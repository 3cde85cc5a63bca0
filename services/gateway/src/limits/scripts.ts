/**
 * The Lua that runs inside Redis. A window is two hashes in one cluster slot:
 *
 * - `<key>`: a field for each bucket (calls of all gateways), `used` (their sum), `first` (the oldest bucket that may be
 *   filled), `last` (the newest bucket seen), `level` and `told` (see `tell`), `life` (windowMs, for `limitsLevels`);
 * - `<key>.<gateway>`: the buckets as that gateway filled them, so that its part can be corrected or put back (`merge`).
 *
 * Slots are one hash: `g:<gateway>` = "count until", `level`, `told`, `life` (lapseMs), `reclaimed`.
 *
 * Time is Redis' `TIME` plus ARGV[1], which is 0 except in tests: they travel through hours with it.
 */
const prelude = `
local offset, channel, me = tonumber(ARGV[1]), ARGV[2], ARGV[3]
local levels = 10

-- Read once: all of a script happens at one instant.
local time = redis.call('TIME')
local clock = time[1] * 1000 + math.floor(time[2] / 1000) + offset

-- Gateways must never believe that more is free than is (their share without Redis comes from it). So a fall of the level is
-- published at once; a rise may wait a second, which bounds the messages. Said again from time to time: silence means unused.
local function tell(it, free, limit, lifeMs)
  local level = math.floor(math.max(0, free) * levels / math.max(1, limit))
  if level < it.level or it.now - it.told > lifeMs / 4 then
    it.told = math.max(it.now, it.told + 1)
    it.level = level
    redis.call('PUBLISH', channel, table.concat({ 'level', level, it.told, lifeMs, it.key }, ' '))
  elseif level > it.level and it.now - it.told > 1000 then
    it.level = level
  end
end

-- Drops what has wholly left a window, and finds the oldest bucket that has not.
local function advance(it)
  while it.first < it.bucket do
    local count = tonumber(redis.call('HGET', it.key, it.first) or 0)
    if count > 0 and it.first >= it.oldest then break end
    it.used = it.used - count
    redis.call('HDEL', it.key, it.first)
    it.first = it.first + 1
  end
end

-- Reads a window. A clock that was set back stands still until it has caught up.
local function open(key, own, windowMs, quota)
  local found = redis.call('HMGET', key, 'used', 'first', 'last', 'level', 'told')
  local width = math.max(1, math.ceil(windowMs / 100))
  local now = math.max(clock, (tonumber(found[3]) or 0) * width)
  local it = { key = key, own = own, windowMs = windowMs, quota = quota, width = width, now = now,
    bucket = math.floor(now / width), oldest = math.floor((now - windowMs) / width),
    used = tonumber(found[1]) or 0, level = tonumber(found[4]) or levels, told = tonumber(found[5]) or 0 }
  it.first = tonumber(found[2]) or it.bucket
  local from = it.first
  advance(it)
  if found[2] and it.first > from then redis.call('HSET', key, 'used', it.used, 'first', it.first) end
  return it
end

local function charge(it, bucket, count)
  if count == 0 then return end
  redis.call('HINCRBY', it.key, bucket, count)
  redis.call('HINCRBY', it.own, bucket, count)
  it.used = it.used + count
  it.first = math.min(it.first, bucket)
end

-- Keeps a window that was changed. Both hashes outlive their last call's stay, so that one that is missing was lost.
local function close(it)
  tell(it, it.quota - it.used, it.quota, it.windowMs)
  redis.call('HSET', it.key, 'used', it.used, 'first', it.first, 'last', it.bucket, 'level', it.level, 'told', it.told,
    'life', it.windowMs)
  if redis.call('HLEN', it.own) > 250 then
    for _, bucket in ipairs(redis.call('HKEYS', it.own)) do
      if (tonumber(bucket) or it.oldest) < it.oldest then redis.call('HDEL', it.own, bucket) end
    end
  end
  local life = it.windowMs + 5 * it.width + 10000
  redis.call('PEXPIRE', it.key, life)
  redis.call('PEXPIRE', it.own, life)
end

local function resetOf(it)
  if it.used <= 0 then return it.now end
  return (it.first + 1) * it.width + it.windowMs
end

local function openSlots(key)
  local it = { key = key, now = clock, others = 0, mine = 0, level = levels, told = 0, reclaimed = 0 }
  local found = redis.call('HGETALL', key)
  for i = 1, #found, 2 do
    local field, value = found[i], found[i + 1]
    if string.sub(field, 1, 2) == 'g:' then
      local count, till = string.match(value, '^(%d+) (%d+)$')
      if tonumber(till) <= it.now then redis.call('HDEL', key, field)
      elseif field == 'g:' .. me then it.mine = tonumber(count)
      else it.others = it.others + tonumber(count) end
    else it[field] = tonumber(value) end
  end
  return it
end

local function closeSlots(it, limit, lapseMs)
  tell(it, limit - it.others - it.mine, limit, lapseMs)
  if it.mine > 0 then redis.call('HSET', it.key, 'g:' .. me, string.format('%d %d', it.mine, it.now + lapseMs))
  else redis.call('HDEL', it.key, 'g:' .. me) end
  redis.call('HSET', it.key, 'level', it.level, 'told', it.told, 'life', lapseMs, 'reclaimed', it.reclaimed)
  redis.call('PEXPIRE', it.key, lapseMs * 2)
end
`;

/**
 * Admits up to `calls` calls of one subject, each of them in all its windows and with a slot, or not at all; leases more when
 * asked to. With `calls` = 0 it tells how the subject stands, leases, and renews and takes back slots.
 *
 * KEYS: a window's two hashes, for each window; the slots' hash, if any.
 * ARGV from 4: number of windows, calls; per window: windowMs, quota, calls wanted on lease, 1 if this gateway has counted
 * calls in it; slots: limit, lapseMs, own idle slots that the calls take first, idle slots wanted, slots handed back.
 * Answer: 0, now, admitted; per window: used, resetAt, leased, lease's life in ms, bucket, level, told; slots: total, taken, lent, held by
 * this gateway, level, told, 1 if others were asked for idle slots. Or 1: a window does not know this gateway's calls (Redis lost them); nothing was changed.
 */
const ask = `
local count, calls = tonumber(ARGV[4]), tonumber(ARGV[5])
local windows, room = {}, calls
for i = 1, count do
  local at = 2 + i * 4
  if ARGV[at + 3] == '1' and redis.call('EXISTS', KEYS[2 * i]) == 0 then return { 1 } end
end
for i = 1, count do
  local at = 2 + i * 4
  local it = open(KEYS[2 * i - 1], KEYS[2 * i], tonumber(ARGV[at]), tonumber(ARGV[at + 1]))
  it.wanted = tonumber(ARGV[at + 2])
  room = math.min(room, math.max(0, it.quota - it.used))
  windows[i] = it
end

local slots, limit, lapseMs, asked = nil, 0, 0, 0
if KEYS[2 * count + 1] then
  local at = 6 + count * 4
  limit, lapseMs = tonumber(ARGV[at]), tonumber(ARGV[at + 1])
  slots = openSlots(KEYS[2 * count + 1])
  slots.wanted, slots.own = tonumber(ARGV[at + 3]), tonumber(ARGV[at + 2])
  slots.mine = math.max(0, slots.mine - tonumber(ARGV[at + 4]))
  local free = math.max(0, limit - slots.others - slots.mine + math.min(slots.own, slots.mine))
  if free < room and slots.others > 0 and slots.now - slots.reclaimed > 1000 then
    slots.reclaimed = slots.now
    asked = 1
    redis.call('PUBLISH', channel, 'reclaim ' .. slots.key)
  end
  room = math.min(room, free)
end

local answer = { 0, clock, room }
for _, it in ipairs(windows) do
  local grant, life = 0, 0
  -- A lease ends within the bucket that it is counted in, so it counts from its end and yet no longer than any other call.
  -- 2 ms: one for the fraction that the clock's reading dropped, one for drift.
  local free, kept = it.quota - it.used - room, math.floor(it.quota / 50)
  if room == calls and it.wanted > 0 and free > kept then
    life = math.min(1000, (it.bucket + 1) * it.width - it.now) - 2
    if life >= 20 then grant = math.min(it.wanted, free - kept) end
  end
  if room + grant > 0 then
    charge(it, it.bucket, room + grant)
    close(it)
  end
  for _, value in ipairs({ it.used, resetOf(it), grant, life, it.bucket, it.level, it.told }) do table.insert(answer, value) end
end

if slots then
  local lent, half, taken = 0, math.floor(limit / 2), math.max(0, room - slots.own)
  slots.mine = slots.mine + taken
  local total = slots.others + slots.mine
  if room == calls and slots.wanted > 0 and total < half then
    lent = math.min(slots.wanted, half - total)
    slots.mine = slots.mine + lent
  end
  closeSlots(slots, limit, lapseMs)
  for _, value in ipairs({ total + lent, taken, lent, slots.mine, slots.level, slots.told, asked }) do table.insert(answer, value) end
end
return answer
`;

/** Takes unused calls of a lease out of its bucket. KEYS: the window's two. ARGV from 4: windowMs, quota, bucket, count. */
const giveBack = `
local it = open(KEYS[1], KEYS[2], tonumber(ARGV[4]), tonumber(ARGV[5]))
local bucket, count = tonumber(ARGV[6]), tonumber(ARGV[7])
if bucket >= it.oldest and tonumber(redis.call('HGET', KEYS[2], bucket) or 0) >= count then
  charge(it, bucket, -count)
  close(it)
end
return { it.now }
`;

/**
 * Makes this gateway's part of a window what the gateway says. Says so to the others when Redis had nothing of it: they
 * have calls to put back, too. KEYS: the window's two. ARGV from 4: windowMs, quota, then bucket, count for each row.
 */
const merge = `
if redis.call('EXISTS', KEYS[1]) == 0 then redis.call('DEL', KEYS[2]) end
local wasLost = redis.call('EXISTS', KEYS[2]) == 0 and #ARGV > 5
local it = open(KEYS[1], KEYS[2], tonumber(ARGV[4]), tonumber(ARGV[5]))
local had = {}
local found = redis.call('HGETALL', KEYS[2])
for i = 1, #found, 2 do had[found[i]] = tonumber(found[i + 1]) end
had['since'] = nil
redis.call('HSETNX', KEYS[2], 'since', it.now)
for i = 6, #ARGV, 2 do
  local bucket = tonumber(ARGV[i])
  if bucket >= it.oldest then charge(it, bucket, tonumber(ARGV[i + 1]) - (had[ARGV[i]] or 0)) end
  had[ARGV[i]] = nil
end
for bucket, count in pairs(had) do
  if tonumber(bucket) >= it.oldest then charge(it, tonumber(bucket), -count) end
end
advance(it)
-- Before the level, which is not to be believed yet.
if wasLost then redis.call('PUBLISH', channel, 'lost ' .. KEYS[1]) end
close(it)
return { it.now, it.used, resetOf(it), it.level, it.told }
`;

/** Makes this gateway's slots what the gateway says, for another \`lapseMs\`. KEYS: the slots. ARGV from 4: limit, lapseMs, count. */
const hold = `
local it = openSlots(KEYS[1])
it.mine = tonumber(ARGV[6])
closeSlots(it, tonumber(ARGV[4]), tonumber(ARGV[5]))
return { it.now, it.others + it.mine, it.level, it.told }
`;

/**
 * A gateway's sign of life, or its farewell. KEYS: the register (sorted by last sign), and when the register was made.
 * ARGV from 4: lapseMs, 1 to leave, ms without a sign from which a gateway is late. Answer: now, gateways, age of the register in ms, 1 if it did
 * not know this one, gateways that are late.
 */
const beat = `
local now, before = clock, redis.call('ZCARD', KEYS[1])
redis.call('SET', KEYS[2], now, 'NX')
local isNew = 0
if ARGV[5] == '1' then redis.call('ZREM', KEYS[1], me) else isNew = redis.call('ZADD', KEYS[1], now, me) end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - tonumber(ARGV[4]))
local gateways = redis.call('ZCARD', KEYS[1])
local late = redis.call('ZCOUNT', KEYS[1], '-inf', now - tonumber(ARGV[6]))
if gateways ~= before then redis.call('PUBLISH', channel, 'gateways ' .. gateways) end
return { now, gateways, now - tonumber(redis.call('GET', KEYS[2])), isNew, late }
`;

/**
 * A page of what was told of all that is in use, for a gateway that has not listened so far. ARGV from 4: cursor, pattern, keys to look
 * at. Answer: the next cursor, then key, level, told, life for each.
 */
const tellAll = `
local found = redis.call('SCAN', ARGV[4], 'MATCH', ARGV[5], 'COUNT', ARGV[6], 'TYPE', 'hash')
local answer = { found[1] }
for _, key in ipairs(found[2]) do
  local it = redis.call('HMGET', key, 'level', 'told', 'life')
  if tonumber(it[1] or levels) < levels then
    for _, value in ipairs({ key, it[1], it[2], it[3] or '3600000' }) do table.insert(answer, value) end
  end
end
return answer
`;

const withPrelude = (lua: string): string => prelude + lua;

/** By the name under which the client knows them. */
export const scripts = {
  limitsAsk: withPrelude(ask),
  limitsGiveBack: withPrelude(giveBack),
  limitsMerge: withPrelude(merge),
  limitsHold: withPrelude(hold),
  limitsBeat: withPrelude(beat),
  limitsLevels: withPrelude(tellAll),
};
