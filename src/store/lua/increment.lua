--- increment: add to the hold that the chain's id names, or decide as a purchase with a hold of its own (rules: Holds)
--- keys: account card journal
--- args: message_key:c8 chain_key:c8 fingerprint:c8 wall_now:I6 business_now:I6 deadline:I6 account_version:I4 holder_version:I4 chain_version:I4 refusal:B chain_id:B asks:B amount:I6 least:I6 code:I3 mcc:I2 counted_mcc:I2 rate:I4
--- texts: balance_field holder_field entry
--- rest: limits
--- reply: outcome ...
-- `counted_mcc` is the category by which the limits were chosen: what is added counts as its hold does.
local function increment(keys, message_key, chain_key, fingerprint, wall_now, business_now, deadline, account_version,
    holder_version, chain_version, refusal, chain_id, asks, amount, least, code, mcc, counted_mcc, rate, balance_field,
    holder_field, entry, limits)
  local message_field = 'm' .. message_key
  local seen, pointer = unpack(redis.call('HMGET', keys[2], message_field, 'x' .. chain_key))
  -- Nothing is added to a hold by an amount of nothing.
  local hold = not seen and amount > 0 and chain_id ~= CHAIN_NONE and follow_chain(keys[2], pointer)
  local is_open = hold and hold.state == HOLD_OPEN
  local wanted_mcc = is_open and hold.mcc or mcc
  if not seen and counted_mcc ~= wanted_mcc then return { 'other_mcc', int(wanted_mcc) } end
  if not is_open then
    return authorize(keys, message_key, chain_key, fingerprint, wall_now, business_now, deadline, account_version,
      holder_version, chain_version, refusal, PURPOSE_INCREMENT, chain_id == CHAIN_NONE and CHAIN_NONE or CHAIN_RENAMES,
      asks, PIN_NONE, 0, amount, least, code, mcc, rate, balance_field, holder_field, entry, limits)
  end

  local account, card = read_both(keys, { 'h', balance_field, holder_field }, { 'v' }, limits)
  local time = redis.call('TIME')
  if time[1] * 1000 + time[2] / 1000 > deadline then return { 'expired_deadline' } end
  local version, last, hash = standing(account, card, account_version, holder_version, chain_version)
  if not version then return { 'stale' } end
  local business = business_now > last and business_now or last
  local seconds = math.floor(business / 1000)
  local available, held = unpack_balance(account[2])
  local account_writes, card_writes = {}, {}
  if refusal == 0 then
    refusal = charge(limits, account, card, 1, seconds, amount, false, account_writes, card_writes)
  end
  if refusal == 0 and available < amount then refusal = REFUSED_FOR_FUNDS end
  -- The last refusal is above; from here only writes.

  if refusal ~= 0 then
    entry = entry .. struct.pack('>BBI6I6ddI6', DECLINED, refusal, business, 0, available, held, hold.no)
    local no, next_hash = journal(keys[3], entry, hash)
    redis.call('HSET', keys[1], 'h', pack_head(version, business, next_hash))
    redis.call('HSET', keys[2], message_field, pack_message(DECLINED, refusal, 0, 0, no, wall_now, fingerprint))
    return answer(1, DECLINED, refusal, 0, 0, no)
  end

  available = available - amount
  held = held + amount
  grow(hold, seconds, amount)
  local outcome = asks == 1 and PENDING or APPROVED
  entry = entry .. struct.pack('>BBI6I6ddI6', outcome, 0, business, amount, available, held, hold.no)
  local no, next_hash = journal(keys[3], entry, hash)
  local own = { outcome = outcome, reason = 0, amount = amount, code = code, no = no,
    wall = math.floor(wall_now / 1000), fingerprint = fingerprint, named = hold.key, left = amount, charged = seconds }
  redis.call('HSET', keys[1], 'h', pack_head(version, business, next_hash), balance_field,
    pack_balance(available, held), unpack(account_writes))
  redis.call('HSET', keys[2], message_field, pack_naming(own), 'm' .. hold.key, pack_money(hold), unpack(card_writes))
  return answer(1, outcome, 0, amount, code, no)
end
