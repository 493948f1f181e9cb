"""The steps of the turn protocol as Lua: each runs in Redis as one, on the keys of one session (engine/store.py), by Redis's own clock.

Plain Redis 6.2: no modules, no functions. Every script first reads the head; `live` says whether somebody has the lease.
Lifetimes are three numbers of milliseconds: of the session, of its artifacts and of its sealed answers, these 0 where they live as long as it does.
Shorter ones count from the last write. The head keeps those of the last append (`keep`), so that each script renews alike.
"""

from engine.events import FORMAT

ARTIFACTS = 100  # whole results and files a session keeps
ARTIFACT_BYTES = 256 * 2**20  # of them together
NAME = 64  # bytes that no sealed artifact is short enough for: a shorter value names a file, and its size

_CLOCK = "local t = redis.call('TIME'); local now = t[1] * 1000 + math.floor(t[2] / 1000)\n"
_HEAD = """
local h = redis.call('HMGET', KEYS[2], 'epoch', 'fence', 'owner', 'expires', 'status', 'snapshot', 'tail', 'user', 'format', 'keep')
local epoch, fence, owner, expires, status = tonumber(h[1] or 0), tonumber(h[2] or 0), h[3] or '', tonumber(h[4] or 0), h[5] or 'idle'
local live = owner ~= '' and expires > now
local function strange() return redis.call('EXISTS', KEYS[1]) == 0 and 'missing' or (h[9] or '%d') ~= '%d' and 'format' end
local function renew(keep, written)
  local all, artifacts, sealed = string.match(keep, '(%%d+) (%%d+) (%%d+)')
  local own = {[5] = tonumber(artifacts), [6] = tonumber(sealed)}
  for i = 1, #KEYS do
    if (own[i] or 0) == 0 then redis.call('PEXPIRE', KEYS[i], all)
    else
      local left = redis.call('PTTL', KEYS[i])
      if written[i] or left == -1 or left > own[i] then redis.call('PEXPIRE', KEYS[i], own[i]) end
    end
  end
end
local function loaded(from)
  local first = redis.call('LINDEX', KEYS[1], tonumber(h[6] or 0))
  return {first, redis.call('LRANGE', KEYS[1], from, -1), from}
end
""" % (FORMAT, FORMAT)  # noqa: UP031 - Lua is full of braces
# ARGV: owner, lease ms, lifetimes, known epoch, known length, user or ''. A worker that has the session in memory is sent only what is
# newer. Another user's session is missing.
_CLAIM = """
local function claim(word)
  redis.call('HSET', KEYS[2], 'fence', fence + 1, 'owner', ARGV[1], 'expires', now + ARGV[2], 'status', 'running')
  redis.call('HDEL', KEYS[2], 'cancel')
  renew(h[10] or ARGV[3], {})
  local from = tonumber(h[7] or 0)
  local length = redis.call('LLEN', KEYS[1])
  if tonumber(ARGV[4]) == epoch and tonumber(ARGV[5]) >= from and tonumber(ARGV[5]) <= length then from = tonumber(ARGV[5]) end
  local part = loaded(from)
  return {word, fence + 1, epoch, status, part[1], part[2], part[3], redis.call('LRANGE', KEYS[4], 0, -1)}
end
"""
# ARGV: ..., message id or '', event. The accepted message is an event at once, under the fence that the same script takes.
ACCEPT = _CLOCK + _HEAD + _CLAIM + """
if strange() or h[8] ~= ARGV[6] then return {strange() or 'missing'} end
local n = redis.call('HGET', KEYS[3], ARGV[7])
if n then return {'known', tonumber(n), epoch, status, live and 1 or 0} end
if live then return {'busy'} end
if status ~= 'idle' then return claim(status == 'waiting' and 'waiting' or 'unfinished') end
redis.call('HSET', KEYS[3], ARGV[7], redis.call('RPUSH', KEYS[1], ARGV[8]) - 1)
redis.call('PUBLISH', KEYS[2], 'event')
return claim('accepted')
"""
CLAIM = _CLOCK + _HEAD + _CLAIM + """
if strange() or (ARGV[6] ~= '' and h[8] ~= ARGV[6]) then return {strange() or 'missing'} end
local n = ARGV[7] ~= '' and redis.call('HGET', KEYS[3], ARGV[7])
if n then return {'known', tonumber(n), epoch, status, live and 1 or 0} end
if live then return {'busy'} end
return claim('claimed')
"""
READ = _CLOCK + _HEAD + """
if strange() then return {strange()} end
local from = math.max(0, tonumber(ARGV[1]))
return {'read', live and expires - now or 0, epoch, status, redis.call('LINDEX', KEYS[1], 0), redis.call('LRANGE', KEYS[1], from, -1), from}
"""
# The newest: a session that reads much must not grow for ever. What the customer gave stays longest.
_EVICT = """
local function age(name) return string.sub(name, 1, 5) == 'file:' and math.huge or tonumber(string.match(name, '_(%%d+)_')) or 0 end
local function evict(hash)
  local names, total, sizes = redis.call('HKEYS', hash), 0, {}
  for _, name in ipairs(names) do
    local size = redis.call('HSTRLEN', hash, name)
    if size < %d then size = tonumber(string.match(redis.call('HGET', hash, name), '%%d+')) or size end
    sizes[name], total = size, total + size
  end
  table.sort(names, function(a, b) return age(a) < age(b) end)
  local count = #names
  for n = 1, #names - 1 do
    if count <= %d and total <= %d then return end
    redis.call('HDEL', hash, names[n])
    count, total = count - 1, total - sizes[names[n]]
  end
end
""" % (NAME, ARTIFACTS, ARTIFACT_BYTES)  # noqa: UP031
# ARGV: fence or '', epoch, lifetimes, field, bytes. Ahead of the append that makes it the session's, or (no fence) by itself. A hash must not
# come into being for a session that was erased.
PUT = _CLOCK + _HEAD + _EVICT + """
if redis.call('EXISTS', KEYS[1]) == 0 then return 'gone' end
if ARGV[1] ~= '' and (tonumber(ARGV[1]) ~= fence or tonumber(ARGV[2]) ~= epoch) then return 'fenced' end
redis.call('HSET', KEYS[5], ARGV[4], ARGV[5])
renew(h[10] or ARGV[3], {[5] = true})
evict(KEYS[5])
return 'ok'
"""
# ARGV: fence, epoch, expected length, lifetimes or '' (as they are), lease ms (negative to release), status, snapshot or '', tail or '',
# message id or '', its number, how many inbox items are done with, how many events, events..., (field, bytes) of artifacts, '',
# (field, bytes) of sealed
APPEND = _CLOCK + _HEAD + _EVICT + """
if tonumber(ARGV[1]) ~= fence or tonumber(ARGV[2]) ~= epoch then return 'fenced' end
local length, expected, count = redis.call('LLEN', KEYS[1]), tonumber(ARGV[3]), tonumber(ARGV[12])
if length == expected then
  for i = 1, count do redis.call('RPUSH', KEYS[1], ARGV[12 + i]) end
  if tonumber(ARGV[11]) > 0 then redis.call('LTRIM', KEYS[4], ARGV[11], -1) end
elseif length ~= expected + count or count == 0 then return 'fenced'
else
  for i = 1, count do if redis.call('LINDEX', KEYS[1], expected + i - 1) ~= ARGV[12 + i] then return 'fenced' end end
end
local into, i, written = 5, 13 + count, {}
while i <= #ARGV do
  if ARGV[i] == '' then into, i = 6, i + 1
  else redis.call('HSET', KEYS[into], ARGV[i], ARGV[i + 1]); i, written[into] = i + 2, true end
end
if written[5] then evict(KEYS[5]) end
if ARGV[9] ~= '' then redis.call('HSET', KEYS[3], ARGV[9], ARGV[10]) end
if ARGV[7] ~= '' then redis.call('HSET', KEYS[2], 'snapshot', ARGV[7], 'tail', ARGV[8]) end
local lease, stop = tonumber(ARGV[5]), redis.call('HEXISTS', KEYS[2], 'cancel') == 1
if stop and ARGV[6] == 'waiting' then redis.call('HSET', KEYS[2], 'expires', now - lease, 'status', 'running')
elseif lease > 0 then redis.call('HSET', KEYS[2], 'expires', now + lease, 'status', ARGV[6])
else redis.call('HSET', KEYS[2], 'owner', '', 'expires', 0, 'status', ARGV[6]) end
if ARGV[4] ~= '' and ARGV[4] ~= h[10] then redis.call('HSET', KEYS[2], 'keep', ARGV[4]); h[10] = ARGV[4] end
if h[10] then renew(h[10], written) end
redis.call('PUBLISH', KEYS[2], 'event')
return stop and 'stop' or 'ok'
"""
RENEW = _CLOCK + _HEAD + """
if tonumber(ARGV[1]) ~= fence or owner == '' then return 'fenced' end
redis.call('HSET', KEYS[2], 'expires', now + ARGV[2])
return redis.call('HEXISTS', KEYS[2], 'cancel') == 1 and 'stop' or 'ok'
"""
# An erased session must not come back as an inbox, or as a wish to stop.
LATE = _CLOCK + _HEAD + """
if redis.call('EXISTS', KEYS[1]) == 0 or tonumber(ARGV[1]) ~= epoch then return 'gone' end
redis.call('RPUSH', KEYS[4], ARGV[3])
renew(h[10] or ARGV[2], {})
return 'ok'
"""
STOP = _CLOCK + _HEAD + """
if live then redis.call('HSET', KEYS[2], 'cancel', 1) end
return live and 1 or 0
"""
UNLIST = "if tonumber(redis.call('ZSCORE', KEYS[1], ARGV[1]) or -1) == tonumber(ARGV[2]) then redis.call('ZREM', KEYS[1], ARGV[1]) end"
