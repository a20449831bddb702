import { STATE_LIMITS } from '../../kernel/contract/index.js'

/*
 * Redis runs a script as one step that nothing else comes between, and all or nothing: the first command that writes is also the first that
 * can be refused. KEYS: 1 a hash of values ("VERSION JSON"), 2 a sorted set of its fields for their order, 3 the newest version.
 */

/** ARGV: keys. Answers with "VERSION JSON", or nothing, for as many of them as one answer may hold. */
export const GET_MANY = `
local found, bytes = {}, 0
for i = 1, #ARGV do
  bytes = bytes + redis.call('HSTRLEN', KEYS[1], ARGV[i])
  if bytes > ${STATE_LIMITS.answerBytes} + 20 and i > 1 then break end
  found[i] = redis.call('HGET', KEYS[1], ARGV[i])
end
return found`

/**
 * ARGV: a version to be above, then four for each change: key, expected version or "", "put" or "delete", JSON. Answers with the new
 * version and those before; or with 0, the number of the change that conflicts, and the version found.
 */
export const COMMIT = `
local before = {}
for i = 2, #ARGV, 4 do
  local value = redis.call('HGET', KEYS[1], ARGV[i])
  local found = value and string.match(value, '^%d+') or '0'
  if ARGV[i + 1] ~= '' and ARGV[i + 1] ~= found then return { '0', tostring((i - 2) / 4), found } end
  before[#before + 1] = found
end
local newest = tonumber(redis.call('GET', KEYS[3]) or '0')
local version = string.format('%.0f', math.max(newest, tonumber(ARGV[1])) + 1)
redis.call('SET', KEYS[3], version)
for i = 2, #ARGV, 4 do
  if ARGV[i + 2] == 'put' then
    redis.call('HSET', KEYS[1], ARGV[i], version .. ' ' .. ARGV[i + 3])
    redis.call('ZADD', KEYS[2], 0, ARGV[i])
  else
    redis.call('HDEL', KEYS[1], ARGV[i])
    redis.call('ZREM', KEYS[2], ARGV[i])
  end
end
table.insert(before, 1, version)
return before`
