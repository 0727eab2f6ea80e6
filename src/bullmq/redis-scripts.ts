/**
 * What is done in Redis in one step. All scripts but the last are given the same keys, those of one shard.
 *
 * The *fence* is the number of whoever owns a shard. It only grows, and `write` compares it in the same step as it writes: a
 * process that was paused while the shard moved can write nothing. What starts a flow, and a token, are facts that need no
 * owner: nothing refuses them.
 *
 * An id may belong to another start by now, in this shard or another one: Redis may have lost the flow, or its end was handled.
 * So whatever is stored of a flow names its start, and changes nothing of another one.
 */
const shared = `
local ids, news, owner, fences, flows, told, tokens, commands = unpack(KEYS)
local function nowMs()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
local function plain(number) return string.format('%.0f', number) end
local function command(kind, id)
  redis.call('XADD', commands, '*', kind, id)
  redis.call('PUBLISH', commands, '')
end
local function announce(id, delayMs)
  redis.call('ZADD', news, 'NX', plain(nowMs() + delayMs), id)
  redis.call('PUBLISH', news, id)
end
local function isOthers(id, shard, startID)
  if (redis.call('HGET', ids, id) or shard) ~= shard then return true end
  local stored = redis.call('HGET', flows, id)
  return stored and not string.find(stored, startID, 1, true)
end
`;

const start = `${shared}
local id, shard, text, startID = unpack(ARGV)
if redis.call('HSETNX', ids, id, shard) == 0 then
  -- The same call, sent again after the connection broke.
  local stored = redis.call('HGET', flows, id)
  return stored and string.find(stored, startID, 1, true) and 1 or 0
end
redis.call('HSET', flows, id, text)
command('start', id)
return 1
`;

const command = `${shared}
local kind, id = unpack(ARGV)
if redis.call('HEXISTS', flows, id) == 1 then command(kind, id) end
`;

const acquire = `${shared}
-- Larger than any before, although Redis may have come back without its newest data.
local fence = plain(math.max((redis.call('HGET', owner, 'fence') or 0) + 1, nowMs()))
redis.call('HSET', owner, 'fence', fence)
redis.call('ZADD', fences, fence, fence)
redis.call('ZREMRANGEBYRANK', fences, 0, -201)
return { fence, redis.call('HGETALL', flows), redis.call('HGETALL', tokens) }
`;

const write = `${shared}
local fence, shard, done = unpack(ARGV)
if redis.call('HGET', owner, 'fence') ~= fence then
  return { 0, redis.call('ZSCORE', fences, fence) and 1 or 0 }
end
local last = 3 + done
local superseded = {}
for i = 4, last do redis.call('XDEL', commands, ARGV[i]) end
for i = last + 1, #ARGV, 4 do
  local id, startID, text, delayMs = unpack(ARGV, i, i + 3)
  if isOthers(id, shard, startID) then
    table.insert(superseded, id)
  else
    redis.call('HSET', flows, id, text)
    redis.call('HSETNX', ids, id, shard)
    if delayMs ~= '' then announce(id, delayMs) end
  end
end
return { 1, redis.call('XRANGE', commands, '-', '+', 'COUNT', 200), superseded }
`;

const restore = `${shared}
local shard = ARGV[1]
for i = 2, #ARGV, 4 do
  local id, startID, text, delayMs = unpack(ARGV, i, i + 3)
  if not isOthers(id, shard, startID) and redis.call('HSETNX', flows, id, text) == 1 then
    redis.call('HSETNX', ids, id, shard)
    command('start', id)
    if delayMs ~= '' then announce(id, delayMs) end
  end
end
`;

const token = `${shared}
local id, shard, tokenText, text, startID, lateText = unpack(ARGV)
if isOthers(id, shard, startID) then
  -- The id belongs to another start by now. The token is kept as a flow of its own, which no id of a user can name.
  id, text = startID, lateText
end
redis.call('HSET', tokens, id, tokenText)
redis.call('HSETNX', flows, id, text)
redis.call('HSETNX', ids, id, shard)
announce(id, 0)
command('token', id)
`;

const take = `${shared}
local claimMs = ARGV[1]
local now = nowMs()
local first = redis.call('ZRANGE', news, 0, 0, 'WITHSCORES')
if not first[1] then return { '', '' } end
local waitMs = first[2] - now
-- Nothing is put off for so long: the clock of Redis was set back.
if waitMs > 0 and waitMs <= 2 * claimMs then return { '', plain(waitMs) } end
redis.call('ZADD', news, plain(now + claimMs), first[1])
return { first[1], redis.call('HGET', ids, first[1]) or '' }
`;

const giveBack = `${shared}
local id = ARGV[1]
-- Behind those that are due: one that nobody can handle must not hold them up.
redis.call('ZADD', news, 'XX', plain(nowMs()), id)
redis.call('PUBLISH', news, id)
`;

const handled = `${shared}
local id, shard, startID, seen, toldText, isEnd = unpack(ARGV)
if isOthers(id, shard, startID) then return end
local text = redis.call('HGET', flows, id)
if not text then
  redis.call('ZREM', news, id)
  return
end
local now = string.match(text, '^%d+')
if redis.call('HEXISTS', tokens, id) == 1 then now = now .. 't' end
if now == seen and isEnd == '1' then
  for _, key in ipairs({ flows, told, tokens, ids }) do redis.call('HDEL', key, id) end
  redis.call('ZREM', news, id)
  command('forget', id)
  return
end
redis.call('HSET', told, id, toldText)
redis.call('ZREM', news, id)
if now ~= seen then announce(id, 0) end
`;

/** The name of each script, how many keys it is given, and its text. */
const beat = `
local machines, fleet = unpack(KEYS)
local id, keepMs, shards = unpack(ARGV)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
-- Nobody listens. A user of Redis who may not publish is refused here, and not in the middle of a start.
redis.call('PUBLISH', fleet, '')
redis.call('HSETNX', fleet, 'shards', shards)
if id ~= '' then redis.call('ZADD', machines, string.format('%.0f', now), id) end
redis.call('ZREMRANGEBYSCORE', machines, '-inf', string.format('%.0f', now - keepMs))
-- They were last heard of before the clock of Redis was set back.
redis.call('ZREMRANGEBYSCORE', machines, string.format('(%.0f', now), '+inf')
return { string.format('%.0f', now), redis.call('ZCARD', machines), redis.call('HGET', fleet, 'shards') }
`;

/** The scripts by their names. */
export const redisScripts = { start, command, acquire, write, restore, token, take, giveBack, handled, beat };
