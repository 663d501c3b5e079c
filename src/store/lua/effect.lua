-- What the functions share that are told rather than asked: a call carries what was read and gathers what will be
-- written, until everything is checked. `read`: keys, account, card, fixed, limits, balance_field. Nil: the view is stale.
local function open_call(read, wall_now, business_now, account_version, holder_version, chain_version)
  local version, last, hash = standing(read.account, read.card, account_version, holder_version, chain_version)
  if not version then return nil end
  read.version, read.hash = version, hash
  read.business = business_now > last and business_now or last
  read.seconds = math.floor(read.business / 1000)
  read.wall = math.floor(wall_now / 1000)
  read.available, read.held = unpack_balance(read.account[2])
  read.available_before, read.held_before = read.available, read.held
  read.account_writes, read.card_writes = {}, {}
  return read
end

-- A hold or a posting of which nothing remains yet; its outcome and its number follow when it is recorded.
local function new_money(call, format, state, said)
  return { format = format, state = state, amount = said.amount, code = said.code, wall = call.wall,
    fingerprint = said.fingerprint, chain_key = said.chain_key, remaining = 0, mcc = said.mcc, rate = said.rate,
    charged = call.seconds, asked = said.asked or said.amount, fuel = 0, days = { { day_of(call.seconds), 0 } } }
end

local function keep(call, message_key, packed)
  call.card_writes[#call.card_writes + 1] = 'm' .. message_key
  call.card_writes[#call.card_writes + 1] = packed
end

-- Makes what remains of a hold or of a posting larger or smaller, and moves the counters with it: what has happened
-- already may exceed. Tells what each day was charged or given back.
local function remain(call, money, amount, own_day)
  local before = money.remaining
  if amount > before then
    charge(call.limits, call.account, call.card, call.fixed, call.seconds, amount - before, true, call.account_writes,
      call.card_writes)
    return grow(money, call.seconds, amount - before)
  end
  local days = take(money, before - amount, own_day)
  give_back(call.limits, call.account, call.card, call.fixed, days, call.account_writes, call.card_writes)
  return days
end

local function hold_to(call, hold, amount, own_day)
  local more = amount - hold.remaining
  call.available = call.available - more
  call.held = call.held + more
  return remain(call, hold, amount, own_day)
end

local function close(call, hold, state)
  hold.state, hold.wall = state, call.wall
end

-- Undoes the first message of a hold, which closes it, or one increment, which does not; down to a replacement amount,
-- or in full where that is 0.
local function undo_hold(call, done, first, hold, replacement)
  local is_increment = first ~= hold and first.outcome == APPROVED
  local undone = (is_increment and first.left or hold.remaining) - replacement
  done.amount = math.min(undone, hold.remaining)
  done.touched = is_increment and TOUCHED_INCREMENT or TOUCHED_HOLD
  done.days = hold_to(call, hold, hold.remaining - done.amount, is_increment and day_of(first.charged))
  if is_increment then
    first.left = replacement
    keep(call, first.key, pack_naming(first))
  elseif replacement == 0 then
    close(call, hold, HOLD_REVERSED)
  end
  keep(call, hold.key, pack_money(hold))
end

-- The first write of a call: what was done goes behind its entry (store/entry-readers.ts).
local function record(call, entry, done)
  if call.held < 0 then error('held below what is released') end
  if call.held > MOST_MINOR or math.abs(call.available) > MOST_MINOR then error('balance: more than it can keep') end
  entry = entry .. struct.pack('>BBI6I6ddI6BI6I6I6', done.outcome, done.reason or 0, call.business, done.amount,
    call.available, call.held, done.before, done.touched, done.target_no, done.via_no, done.beside_no or 0)
  for _, part in ipairs(done.days) do entry = entry .. struct.pack('>I2d', part[1], part[2]) end
  call.no, call.hash = journal(call.keys[3], entry, call.hash)
end

-- The answer to the message itself, once it is recorded.
local function own_answer(call, done, code, fingerprint)
  return { outcome = done.outcome, reason = done.reason or 0, amount = done.amount, code = code, no = call.no,
    wall = call.wall, fingerprint = fingerprint }
end

local function keep_answer(call, message_key, own)
  keep(call, message_key, struct.pack('>BBBI6I3I5I4c8', 18, own.outcome, own.reason, own.amount, own.code, own.no,
    own.wall, own.fingerprint))
end

local function keep_naming(call, message_key, answered, named, left)
  answered.named, answered.left, answered.charged = named, left, answered.charged or call.seconds
  keep(call, message_key, pack_naming(answered))
end

-- A hold or a posting that is new: its answer to this message is its outcome.
local function keep_new(call, message_key, money, outcome)
  money.outcome, money.no, money.key = outcome, call.no, message_key
  keep(call, message_key, pack_money(money))
end

local function name_chain(call, chain_key, message_key)
  call.card_writes[#call.card_writes + 1] = 'x' .. chain_key
  call.card_writes[#call.card_writes + 1] = '\19' .. message_key
end

local function finish(call)
  local writes = call.account_writes
  if call.available ~= call.available_before or call.held ~= call.held_before then
    writes[#writes + 1] = call.balance_field
    writes[#writes + 1] = pack_balance(call.available, call.held)
  end
  redis.call('HSET', call.keys[1], 'h', pack_head(call.version, call.business, call.hash), unpack(writes))
  redis.call('HSET', call.keys[2], unpack(call.card_writes))
end
