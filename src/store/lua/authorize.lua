--- authorize: decide a request for an amount, once, and hold the money (rules: Order of the decision, Limits, Holds)
--- keys: account card journal
--- args: message_key:c8 chain_key:c8 fingerprint:c8 wall_now:I6 business_now:I6 deadline:I6 account_version:I4 holder_version:I4 chain_version:I4 refusal:B has_chain_id:B amount:I6 code:I3 mcc:I2 rate:I4
--- texts: balance_field holder_field entry
--- rest: limits
--- reply: outcome ...
local function authorize(keys, message_key, chain_key, fingerprint, wall_now, business_now, deadline, account_version,
    holder_version, chain_version, refusal, has_chain_id, amount, code, mcc, rate, balance_field, holder_field, entry, limits)
  -- The message key alone says whether this was decided: a repeat may have lost the network's id, or come to have one.
  local message_field = 'm' .. message_key
  local account, card
  if #limits == 0 then
    account = redis.call('HMGET', keys[1], 'h', balance_field, holder_field)
    card = redis.call('HMGET', keys[2], 'v', message_field)
  else
    account, card = read_both(keys, { 'h', balance_field, holder_field }, { 'v', message_field }, limits)
  end

  local seen = card[2]
  local is_awaited = seen and not is_hold(seen) and string.byte(seen, 2) == AWAITED
  if seen and not is_awaited then return first_answer(seen, fingerprint) end

  local time = redis.call('TIME')
  if time[1] * 1000 + time[2] / 1000 > deadline then return { 'expired_deadline' } end

  local head, holder, static = account[1], account[3], card[1]
  if not (head and holder and static) then return { 'stale' } end
  local version, last, hash = unpack_head(head)
  if version ~= account_version or version_of(holder) ~= holder_version or version_of(static) ~= chain_version then
    return { 'stale' }
  end

  local business = business_now > last and business_now or last
  local seconds = math.floor(business / 1000)
  local available, held = unpack_balance(account[2])
  local account_writes, card_writes
  if refusal == 0 and not is_awaited then
    if #limits > 0 then
      account_writes, card_writes = {}, {}
      refusal = charge(limits, account, card, seconds, amount, account_writes, card_writes)
    end
    if refusal == 0 and available < amount then refusal = REFUSED_FOR_FUNDS end
  end
  -- The last refusal is above; from here only writes.

  if is_awaited or refusal ~= 0 then
    local outcome = is_awaited and REVERSED_BEFORE or DECLINED
    entry = entry .. struct.pack('>BBI6I6dd', outcome, refusal, business, 0, available, held)
    local no, next_hash = journal(keys[3], entry, hash)
    redis.call('HSET', keys[1], 'h', pack_head(version, business, next_hash))
    redis.call('HSET', keys[2], message_field,
      pack_message(outcome, refusal, 0, 0, no, wall_now, fingerprint))
    return answer(1, outcome, refusal, 0, 0, no)
  end

  available = available - amount
  held = held + amount
  entry = entry .. struct.pack('>BBI6I6dd', APPROVED, 0, business, amount, available, held)
  local no, next_hash = journal(keys[3], entry, hash)
  local hold = struct.pack('>BBBI6I3I5I4c8c8I6I2I4I4', 17, APPROVED, HOLD_OPEN, amount, code, no,
    math.floor(wall_now / 1000), fingerprint, chain_key, amount, mcc, rate, seconds)
  local head_now, balance_now = pack_head(version, business, next_hash), pack_balance(available, held)
  if card_writes then
    redis.call('HSET', keys[1], 'h', head_now, balance_field, balance_now, unpack(account_writes))
    redis.call('HSET', keys[2], message_field, hold, unpack(card_writes))
  else
    redis.call('HSET', keys[1], 'h', head_now, balance_field, balance_now)
    redis.call('HSET', keys[2], message_field, hold)
  end
  -- Later messages of the chain name it by the network's id. The first hold of an id keeps it.
  if has_chain_id == 1 then redis.call('HSETNX', keys[2], 'x' .. chain_key, '\19' .. message_key) end
  return answer(1, APPROVED, 0, amount, code, no)
end
