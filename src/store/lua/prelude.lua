-- What every function shares. Only local functions may stand here: `string` and `struct` do not exist while the
-- library loads. Formats are big-endian and begin with a format byte; functions refuse a byte they do not know.
--
--   head     a:<account> h     | 1 | version 4 | last business time ms 6 | chain hash, 16 hex |
--   balance  a:<account> b<c>  | 1 | available, double 8 | held, double 8 |
--   static   a:<account> p<n>  | 1 | version 4 | what TypeScript reads ...
--            c:<chain>   v     | 1 | version 4 | what TypeScript reads ...
--   counter  n...              | 1 | window 4 | spent, double 8 |
--            and while the past is missing | 2 | window 4 | spent 8 | as of journal number 6 |
--
-- Under a message's key, c:<chain> m<message key>, lies what became of it. All begin alike, as its answer:
--   answer   | 12h | outcome | reason | amount 6 | code 3 | journal 5 | wall s 4 | fingerprint 8 |
--   naming   | 14h | ... answer ... | message key that it names 8 | left of an increment 6 | charged at, s 4 |
--   inquiry  | 17h | ... answer ... | available, double 8 | held, double 8 |
-- and with a state in the place of the reason:
--   hold     | 11h | ... answer ... | chain key 8 | remaining 6 | MCC 2 | DE10 4 | charged at, s 4 |
--   hold of  | 15h | ... hold ...   | asked for 6 | fuel 1 | ( day 2 | amount 6 ) ... |
--   more     a part of what was asked for, of fuel, or charged on more than one day: each day but the first is a part
--   posting  | 16h | ... as 15h, remaining: what can still be reversed ...
--
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

local function day_of(seconds)
  return math.floor(seconds / 86400)
end

-- A hold or a posting is money; any other format under a message's key is an answer.
local function is_money(packed)
  local format = string.byte(packed)
  if format == 17 or format == 21 or format == 22 then return true end
  if format ~= 18 and format ~= 20 and format ~= 23 then error('message: unknown format ' .. int(format)) end
  return false
end

-- A reversal came first and waits for this original.
local function is_tombstone(packed)
  return not is_money(packed) and string.byte(packed, 2) == AWAITED
end

-- `days` are what remains of each day on which it was charged, { day, amount }: the first day first, even where nothing
-- is left of it.
local function unpack_money(packed)
  local money, at = {}, 0
  money.format, money.outcome, money.state, money.amount, money.code, money.no, money.wall, money.fingerprint,
    money.chain_key, money.remaining, money.mcc, money.rate, money.charged, at =
    struct.unpack('>BBBI6I3I5I4c8c8I6I2I4I4', packed)
  money.asked, money.fuel = money.amount, 0
  local first = { day_of(money.charged), money.remaining }
  money.days = { first }
  if money.format ~= 17 then
    money.asked, money.fuel, at = struct.unpack('>I6B', packed, at)
    while at <= #packed do
      local day, amount
      day, amount, at = struct.unpack('>I2I6', packed, at)
      money.days[#money.days + 1] = { day, amount }
      first[2] = first[2] - amount
    end
  end
  return money
end

local function pack_money(money)
  local parts = ''
  for i = 2, #money.days do
    local day, amount = money.days[i][1], money.days[i][2]
    if amount > 0 then parts = parts .. struct.pack('>I2I6', day, amount) end
  end
  local is_plain = money.format ~= 22 and money.fuel == 0 and money.asked == money.amount and parts == ''
  local format = money.format
  if format ~= 22 then format = is_plain and 17 or 21 end
  local packed = struct.pack('>BBBI6I3I5I4c8c8I6I2I4I4', format, money.outcome, money.state, money.amount, money.code,
    money.no, money.wall, money.fingerprint, money.chain_key, money.remaining, money.mcc, money.rate, money.charged)
  if is_plain then return packed end
  return packed .. struct.pack('>I6B', money.asked, money.fuel) .. parts
end

local function pack_message(outcome, reason, amount, code, no, wall_now, fingerprint)
  return struct.pack('>BBBI6I3I5I4c8', 18, outcome, reason, amount, code, no, math.floor(wall_now / 1000), fingerprint)
end

local function unpack_answer(packed)
  local answered, at = {}, 0
  answered.format, answered.outcome, answered.reason, answered.amount, answered.code, answered.no, answered.wall,
    answered.fingerprint, at = struct.unpack('>BBBI6I3I5I4c8', packed)
  if answered.format == 20 then
    answered.named, answered.left, answered.charged = struct.unpack('>c8I6I4', packed, at)
  end
  return answered
end

-- An answer that names the message under whose key its money lies.
local function pack_naming(answered)
  return struct.pack('>BBBI6I3I5I4c8c8I6I4', 20, answered.outcome, answered.reason, answered.amount, answered.code,
    answered.no, answered.wall, answered.fingerprint, answered.named, answered.left, answered.charged)
end

-- What is kept under a message's key, and the hold or the posting that it is or names; nil where there is none.
local function follow(key, message_key, packed)
  if not packed then return nil, nil end
  if is_money(packed) then
    local money = unpack_money(packed)
    money.key = message_key
    return money, money
  end
  local answered = unpack_answer(packed)
  answered.key = message_key
  local named = answered.named and redis.call('HGET', key, 'm' .. answered.named)
  if not named or not is_money(named) then return answered, nil end
  local money = unpack_money(named)
  money.key = answered.named
  return answered, money
end

-- The hold or the posting that a chain's id names.
local function follow_chain(key, pointer)
  if not pointer then return nil end
  local format, message_key = struct.unpack('>Bc8', pointer)
  if format ~= 19 then error('chain id: unknown format ' .. int(format)) end
  local _, money = follow(key, message_key, redis.call('HGET', key, 'm' .. message_key))
  return money
end

-- A decision travels as one packed text: 0.8 µs less than six texts, three of them formatted numbers.
--   | 1 decided, 2 duplicate | outcome 1 | reason 1 | amount 6 | code 3 | journal number 6 |
-- and behind it, of a part or a posting, what was asked for 6; of an inquiry | available, double 8 | held, double 8 |
local function answer(kind, outcome, reason, amount, code, no)
  return struct.pack('>BBBI6I3I6', kind, outcome, reason, amount, code, no)
end

-- A repeat gets the first answer again, whatever has changed since; another fingerprint is another message: 94.
local function first_answer(seen, fingerprint)
  local was_money = is_money(seen)
  local format, outcome, reason, amount, code, no, _, first_fingerprint = struct.unpack('>BBBI6I3I5I4c8', seen)
  if first_fingerprint ~= fingerprint then return { 'conflict' } end
  local first = answer(2, outcome, was_money and 0 or reason, amount, code, no)
  if format == 21 or format == 22 then return first .. string.sub(seen, 54, 59) end
  if format == 23 then return first .. string.sub(seen, 30, 45) end
  return first
end

-- Version, last business time and hash of an account, where the view of it, of the cardholder and of the chain still
-- stands; nil: it is stale.
local function standing(account, card, account_version, holder_version, chain_version)
  local head, holder, static = account[1], account[3], card[1]
  if not (head and holder and static) then return nil end
  local version, last, hash = unpack_head(head)
  if version ~= account_version or version_of(holder) ~= holder_version or version_of(static) ~= chain_version then
    return nil
  end
  return version, last, hash
end

-- Appends the entry to the shard's journal and chains the account's hash over it. The first write of every call.
local function journal(key, entry, hash)
  local no = tonumber(string.sub(redis.call('XADD', key, '0-*', 'e', entry), 3))
  return no, string.sub(redis.sha1hex(hash .. entry), 1, 16)
end
