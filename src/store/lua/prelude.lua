-- What every function shares. Only local functions may stand here: `string` and `struct` do not exist while the
-- library loads. Formats are big-endian and begin with a format byte; functions refuse a byte they do not know.
--
--   head     a:<account> h     | 1 | version 4 | last business time ms 6 | chain hash, 16 hex |
--   balance  a:<account> b<c>  | 1 | available, double 8 | held, double 8 |
--   static   a:<account> p<n>  | 1 | version 4 | what TypeScript reads ...
--            c:<chain>   v     | 1 | version 4 | what TypeScript reads ...
--   counter  n...              | 1 | window 4 | spent, double 8 |
--            and while the past is missing | 2 | window 4 | spent 8 | as of journal number 6 |
--   message  c:<chain>   m<message key> | 12h | outcome | reason | amount 6 | code 3 | journal 5 | wall s 4 |
--                              | fingerprint 8 |
--   hold     c:<chain>   m<message key> | 11h | outcome | state | approved 6 | code 3 | journal 5 | wall s 4 |
--                              | fingerprint 8 | chain key 8 | remaining 6 | MCC 2 | DE10 4 | charged at, s 4 |
--   chain id c:<chain>   x<chain key>   | 13h | message key 8 |      only where the network gave an id

local EMPTY_HASH = '0000000000000000'

-- Never `..` or tostring: 15 digits turn into 1.2e+14.
local function int(number)
  return string.format('%d', number)
end

local function unpack_head(head)
  local format, version, last, hash = struct.unpack('>BI4I6c16', head)
  if format ~= 1 then error('head: unknown format ' .. int(format)) end
  return version, last, hash
end

local function pack_head(version, last, hash)
  return struct.pack('>BI4I6c16', 1, version, last, hash)
end

-- An account that never had money has no balance field.
local function unpack_balance(balance)
  if not balance then return 0, 0 end
  local format, available, held = struct.unpack('>Bdd', balance)
  if format ~= 1 then error('balance: unknown format ' .. int(format)) end
  return available, held
end

local function pack_balance(available, held)
  return struct.pack('>Bdd', 1, available, held)
end

local function version_of(static)
  local format, version = struct.unpack('>BI4', static)
  if format ~= 1 then error('static: unknown format ' .. int(format)) end
  return version
end

-- Days since 1970 → year and month in UTC, by counting years of 400, from March on (rules: Limits).
local function year_and_month(days)
  local shifted = days + 719468
  local era = math.floor(shifted / 146097)
  local day_of_era = shifted - era * 146097
  local year_of_era = math.floor((day_of_era - math.floor(day_of_era / 1460) + math.floor(day_of_era / 36524)
    - math.floor(day_of_era / 146096)) / 365)
  local day_of_year = day_of_era - (365 * year_of_era + math.floor(year_of_era / 4) - math.floor(year_of_era / 100))
  local shifted_month = math.floor((5 * day_of_year + 2) / 153)
  local month = shifted_month < 10 and shifted_month + 3 or shifted_month - 9
  local year = year_of_era + era * 400
  if month <= 2 then year = year + 1 end
  return year, month
end

-- The number of the window that holds a business second. The week starts on Monday: day 0 was a Thursday.
local function window_of(interval, seconds)
  if interval == 'd' then return math.floor(seconds / 86400) end
  if interval == 'a' then return 0 end
  local days = math.floor(seconds / 86400)
  if interval == 'w' then return math.floor((days + 3) / 7) end
  local year, month = year_and_month(days)
  if interval == 'm' then return year * 12 + month - 1 end
  if interval == 'y' then return year end
  error('limit: unknown interval')
end

local function unpack_counter(counter)
  local format, window, spent = struct.unpack('>BI4d', counter)
  if format ~= 1 and format ~= 2 then error('counter: unknown format ' .. int(format)) end
  return window, spent
end

-- A counter that still waits for its past keeps on waiting, and keeps the number as of which it waits.
local function pack_counter(before, window, spent)
  local packed = struct.pack('>BI4d', 1, window, spent)
  if before and string.byte(before) == 2 then return '\2' .. string.sub(packed, 2) .. string.sub(before, 14, 19) end
  return packed
end

-- A limit is one argument: | scope 'c' or 'a' | interval | most, or 2^48-1 to count only, 6 | the counter's field ... |
local function unpack_limit(limit)
  local scope, interval, most = struct.unpack('>c1c1I6', limit)
  return scope, interval, most, string.sub(limit, 9)
end

-- One HMGET a hash: fixed fields first, then the counters of the limits in their order. Most cards of a load have no
-- limits, and a call without tables to build is 0.9 µs shorter.
local function read_both(keys, account_fields, card_fields, limits)
  for i = 1, #limits do
    local limit = limits[i]
    local fields = string.byte(limit) == 99 and card_fields or account_fields
    fields[#fields + 1] = string.sub(limit, 9)
  end
  return redis.call('HMGET', keys[1], unpack(account_fields)), redis.call('HMGET', keys[2], unpack(card_fields))
end

-- A message's field is a hold or an answer without one.
local function is_hold(message)
  local format = string.byte(message)
  if format ~= 17 and format ~= 18 then error('message: unknown format ' .. int(format)) end
  return format == 17
end

local function pack_hold(hold)
  return struct.pack('>BBBI6I3I5I4c8c8I6I2I4I4', 17, 1, hold.state, hold.approved, hold.code, hold.no, hold.wall,
    hold.fingerprint, hold.chain_key, hold.remaining, hold.mcc, hold.rate, hold.charged)
end

local function unpack_hold(packed)
  local hold = {}
  hold.format, hold.outcome, hold.state, hold.approved, hold.code, hold.no, hold.wall, hold.fingerprint,
    hold.chain_key, hold.remaining, hold.mcc, hold.rate, hold.charged =
    struct.unpack('>BBBI6I3I5I4c8c8I6I2I4I4', packed)
  return hold
end

local function pack_message(outcome, reason, amount, code, no, wall_now, fingerprint)
  return struct.pack('>BBBI6I3I5I4c8', 18, outcome, reason, amount, code, no, math.floor(wall_now / 1000), fingerprint)
end

-- A decision travels as one packed text: 0.8 µs less than six texts, three of them formatted numbers.
--   | 1 decided, 2 duplicate | outcome 1 | reason 1 | amount 6 | code 3 | journal number 6 |
local function answer(kind, outcome, reason, amount, code, no)
  return struct.pack('>BBBI6I3I6', kind, outcome, reason, amount, code, no)
end

-- A repeat gets the first answer again, whatever has changed since; another fingerprint is another message: 94.
local function first_answer(seen, fingerprint)
  local was_held = is_hold(seen)
  local _, outcome, reason, amount, code, no, _, first_fingerprint = struct.unpack('>BBBI6I3I5I4c8', seen)
  if first_fingerprint ~= fingerprint then return { 'conflict' } end
  return answer(2, outcome, was_held and 0 or reason, amount, code, no)
end

-- Appends the entry to the shard's journal and chains the account's hash over it. The first write of every call.
local function journal(key, entry, hash)
  local no = tonumber(string.sub(redis.call('XADD', key, '0-*', 'e', entry), 3))
  return no, string.sub(redis.sha1hex(hash .. entry), 1, 16)
end
