/** What runs inside Redis, by its own clock: one script for each of take, give and renew, and the heartbeat. */
import type { RedisScript } from '../../../platform/redis.ts';
import { slicesCounted, slicesPerWindow, slotRetryMs } from './store.ts';

const clock = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/** Keys: the lease, then one of each demand. Arguments: id, lease in ms, then five of each demand. */
export const takeScript: RedisScript = {
  name: 'sluiceTake',
  lua: `${clock}
local id, lease_ms = ARGV[1], tonumber(ARGV[2])
local refused, retry, used, resets, parts = -1, 0, {}, {}, {}
local keep = lease_ms
for i = 2, #KEYS do
  local at = 3 + (i - 2) * 4
  local role, limit = ARGV[at], tonumber(ARGV[at + 1])
  local amount, window_ms = tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
  local part = { key = KEYS[i], role = role, amount = amount }
  local counted, reset, wait = 0, 0, 0
  if role == 'slot' then
    redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', now)
    counted = redis.call('ZCARD', KEYS[i])
    if counted >= limit then wait = ${slotRetryMs} end
  else
    local slice_ms = window_ms / ${slicesPerWindow}
    local slice = math.floor(now / slice_ms)
    local slices, stored = {}, redis.call('HGETALL', KEYS[i])
    for j = 1, #stored, 2 do
      local index = tonumber(stored[j])
      if slice - index >= ${slicesCounted} then
        redis.call('HDEL', KEYS[i], stored[j])
      else
        local count = tonumber(stored[j + 1])
        counted = counted + count
        slices[#slices + 1] = { index, count }
        if count > 0 then reset = math.max(reset, (index + ${slicesCounted}) * slice_ms - now) end
      end
    end
    local over = counted + amount - limit
    if over > 0 then
      table.sort(slices, function(a, b) return a[1] < b[1] end)
      local freed = 0
      wait = ${slicesCounted} * slice_ms
      for _, entry in ipairs(slices) do
        freed = freed + entry[2]
        if freed >= over then
          wait = (entry[1] + ${slicesCounted}) * slice_ms - now
          break
        end
      end
    end
    part.slice, part.slice_ms, part.window_ms = slice, slice_ms, window_ms
    keep = math.max(keep, window_ms)
  end
  if wait > 0 and refused < 0 then refused, retry = i - 2, wait end
  used[#used + 1], resets[#resets + 1], parts[#parts + 1] = counted, math.ceil(reset), part
end
if refused < 0 then
  for i, part in ipairs(parts) do
    if part.role == 'slot' then
      redis.call('ZADD', part.key, now + lease_ms, id)
      if redis.call('PTTL', part.key) < lease_ms then redis.call('PEXPIRE', part.key, lease_ms) end
      used[i] = used[i] + 1
    else
      redis.call('HINCRBY', part.key, string.format('%.0f', part.slice), part.amount)
      redis.call('PEXPIRE', part.key, math.ceil(part.window_ms + 2 * part.slice_ms))
      used[i] = used[i] + part.amount
      if part.amount > 0 then
        resets[i] = math.ceil((part.slice + ${slicesCounted}) * part.slice_ms - now)
      end
    end
  end
  if lease_ms > 0 then redis.call('SET', KEYS[1], cjson.encode(parts), 'PX', math.ceil(keep)) end
end
return { refused, math.ceil(retry), used, resets }
`,
};

/** Keys: the lease, then all that it may name. Arguments: id, tokens used or an empty text. */
export const giveScript: RedisScript = {
  name: 'sluiceGive',
  lua: `${clock}
local stored = redis.call('GET', KEYS[1])
if not stored then return 0 end
redis.call('DEL', KEYS[1])
local id, tokens = ARGV[1], tonumber(ARGV[2])
for _, part in ipairs(cjson.decode(stored)) do
  if part.role == 'slot' then
    redis.call('ZREM', part.key, id)
  elseif tokens == nil or part.role == 'tokens' then
    local is_counted = math.floor(now / part.slice_ms) - part.slice < ${slicesCounted}
    if is_counted and redis.call('EXISTS', part.key) == 1 then
      local field = string.format('%.0f', part.slice)
      redis.call('HINCRBY', part.key, field, (tokens or 0) - part.amount)
    end
  end
end
return 1
`,
};

/** Keys: the lease, then all that it may name. Arguments: id, lease in ms. */
export const renewScript: RedisScript = {
  name: 'sluiceRenew',
  lua: `${clock}
local stored = redis.call('GET', KEYS[1])
if not stored then return 0 end
local id, lease_ms = ARGV[1], tonumber(ARGV[2])
if redis.call('PTTL', KEYS[1]) < lease_ms then redis.call('PEXPIRE', KEYS[1], lease_ms) end
for _, part in ipairs(cjson.decode(stored)) do
  if part.role == 'slot' then
    redis.call('ZADD', part.key, now + lease_ms, id)
    if redis.call('PTTL', part.key) < lease_ms then redis.call('PEXPIRE', part.key, lease_ms) end
  end
end
return 1
`,
};

/** Key: the processes. Arguments: this one, how long a process counts as alive; answers how many are. */
export const heartbeatScript: RedisScript = {
  name: 'sluiceHeartbeat',
  lua: `${clock}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - tonumber(ARGV[2]))
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return redis.call('ZCARD', KEYS[1])
`,
};
