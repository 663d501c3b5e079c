--- authorize: decide a request for an amount, once, and hold the money (rules: Order of the decision, Limits, Holds)
--- keys: account card journal
--- args: message_key:c8 chain_key:c8 fingerprint:c8 wall_now:I6 business_now:I6 deadline:I6 account_version:I4 holder_version:I4 chain_version:I4 refusal:B amount:I6 code:I3 mcc:I2 rate:I4
--- texts: balance_field holder_field entry
--- rest: limits
--- reply: outcome ...
local function authorize(keys, message_key, chain_key, fingerprint, wall_now, business_now, deadline, account_version,
    holder_version, chain_version, refusal, amount, code, mcc, rate, balance_field, holder_field, entry, limits)
  local account_fields = { 'h', balance_field, holder_field }
  local card_fields = { 'v', 'm' .. chain_key, 'm' .. message_key }
  with_counters(account_fields, card_fields, limits)
  local account = redis.call('HMGET', keys[1], unpack(account_fields))
  local card = redis.call('HMGET', keys[2], unpack(card_fields))

  local seen = seen_before(card[2], card[3], message_key)
  local is_awaited = seen and string.byte(seen, 2) == 9
  if seen and not is_awaited then return first_answer(seen, fingerprint) end

  local time = redis.call('TIME')
  if time[1] * 1000 + time[2] / 1000 > deadline then return { 'expired_deadline' } end

  local head, balance, holder, static = account[1], account[2], account[3], card[1]
  if not (head and balance and holder and static) then return { 'stale' } end
  local version, last, hash = unpack_head(head)
  if version ~= account_version or version_of(holder) ~= holder_version or version_of(static) ~= chain_version then
    return { 'stale' }
  end

  local business = business_now > last and business_now or last
  local seconds = math.floor(business / 1000)
  local available, held = unpack_balance(balance)
  local account_writes, card_writes = {}, {}
  if refusal == 0 and not is_awaited then
    refusal = charge(limits, account, card, seconds, amount, account_writes, card_writes)
    if refusal == 0 and available < amount then refusal = REFUSED_FOR_FUNDS end
  end
  -- The last refusal is above; from here only writes.

  if is_awaited or refusal ~= 0 then
    local outcome = is_awaited and 3 or 2
    entry = entry .. struct.pack('>BBI6I6dd', outcome, refusal, business, 0, available, held)
    local no, next_hash = journal(keys[3], entry, hash)
    redis.call('HSET', keys[1], 'h', pack_head(version, business, next_hash))
    redis.call('HSET', keys[2], 'm' .. message_key,
      pack_message(outcome, refusal, 0, 0, no, wall_now, fingerprint))
    return { 'decided', int(outcome), int(refusal), '0', '0', int(no) }
  end

  available = available - amount
  held = held + amount
  entry = entry .. struct.pack('>BBI6I6dd', 1, 0, business, amount, available, held)
  local no, next_hash = journal(keys[3], entry, hash)
  redis.call('HSET', keys[1], 'h', pack_head(version, business, next_hash),
    balance_field, pack_balance(available, held), unpack(account_writes))
  -- Two first messages may carry the same chain id, such as a reused DE37: then the later hold has its own key.
  redis.call('HSET', keys[2], 'm' .. (card[2] and message_key or chain_key),
    struct.pack('>BBBI6I3I5I4c8c8I6I2I4I4', 17, 1, 1, amount, code, no, math.floor(wall_now / 1000), fingerprint,
      message_key, amount, mcc, rate, seconds), unpack(card_writes))
  return { 'decided', '1', '0', int(amount), int(code), int(no) }
end
