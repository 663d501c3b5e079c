--- authorize: decide a request for an amount, once, and hold the money (rules: Order of the decision, Limits, Holds)
--- keys: account card journal
--- args: message_key:c8 chain_key:c8 fingerprint:c8 wall_now:I6 business_now:I6 deadline:I6 account_version:I4 holder_version:I4 chain_version:I4 refusal:B purpose:B chain_id:B asks:B pin:B card_no:I4 amount:I6 least:I6 code:I3 mcc:I2 rate:I4
--- texts: balance_field holder_field entry
--- rest: limits
--- reply: outcome ...
-- `least` is the smallest amount that may be approved in place of `amount`, which is the same where no part may.
-- `chain_id`: CHAIN_NONE, CHAIN_NAMES this hold where nothing else is named, CHAIN_RENAMES it in any case.
-- `asks`: what would be approved is reserved until the program's endpoint has answered.
local function authorize(keys, message_key, chain_key, fingerprint, wall_now, business_now, deadline, account_version,
    holder_version, chain_version, refusal, purpose, chain_id, asks, pin, card_no, amount, least, code, mcc, rate,
    balance_field, holder_field, entry, limits)
  -- The message key alone says whether this was decided: a repeat may have lost the network's id, or come to have one.
  local message_field = 'm' .. message_key
  local chain_field = chain_id ~= CHAIN_NONE and 'x' .. chain_key
  local fixed = chain_field and 3 or 2
  local account, card
  if #limits > 0 then
    local card_fields = chain_field and { 'v', message_field, chain_field } or { 'v', message_field }
    account, card = read_both(keys, { 'h', balance_field, holder_field }, card_fields, limits)
  else
    account = redis.call('HMGET', keys[1], 'h', balance_field, holder_field)
    if chain_field then card = redis.call('HMGET', keys[2], 'v', message_field, chain_field)
    else card = redis.call('HMGET', keys[2], 'v', message_field) end
  end

  local seen = card[2]
  local is_awaited = seen and is_tombstone(seen)
  if seen and not is_awaited then return first_answer(seen, fingerprint) end

  local time = redis.call('TIME')
  if time[1] * 1000 + time[2] / 1000 > deadline then return { 'expired_deadline' } end
  local version, last, hash = standing(account, card, account_version, holder_version, chain_version)
  if not version then return { 'stale' } end

  local business = business_now > last and business_now or last
  local seconds = math.floor(business / 1000)
  local available, held = unpack_balance(account[2])
  local outcome, asked = APPROVED, amount
  -- Neither these purposes nor an amount of nothing hold anything (rules: Holds; Limits, "zero counts nothing").
  local holds_nothing = purpose >= PURPOSE_REFUND or amount == 0
  local failed_tries
  if pin ~= PIN_NONE and not is_awaited then refusal, failed_tries = try_pin(keys[2], card_no, pin, refusal) end
  local account_writes, card_writes
  if holds_nothing then
    amount = 0
  elseif refusal == 0 and not is_awaited then
    -- Fuel is held as far as the limits leave; any other amount is within them, or declined.
    if purpose == PURPOSE_FUEL and #limits > 0 then amount = room(limits, account, card, fixed, seconds, amount) end
    if amount < least then
      refusal = REFUSED_FOR_LIMIT
    elseif #limits > 0 then
      account_writes, card_writes = {}, {}
      refusal = charge(limits, account, card, fixed, seconds, amount, false, account_writes, card_writes)
    end
    if refusal == 0 and available < amount then
      if available < least then
        refusal = REFUSED_FOR_FUNDS
      else
        amount = available
        if purpose ~= PURPOSE_FUEL then outcome = PARTIAL end
        if #limits > 0 then
          account_writes, card_writes = {}, {}
          charge(limits, account, card, fixed, seconds, amount, false, account_writes, card_writes)
        end
      end
    end
  end
  -- The last refusal is above; from here only writes.

  if failed_tries then keep_tries(keys[2], card_no, failed_tries) end
  if is_awaited or refusal ~= 0 or holds_nothing then
    if is_awaited then outcome, refusal = REVERSED_BEFORE, 0
    elseif refusal ~= 0 then outcome = DECLINED end
    entry = entry .. struct.pack('>BBI6I6dd', outcome, refusal, business, 0, available, held)
    local no, next_hash = journal(keys[3], entry, hash)
    local is_inquiry = outcome == APPROVED and purpose == PURPOSE_INQUIRY
    local balances = is_inquiry and struct.pack('>dd', available, held) or ''
    local kept_code = outcome == APPROVED and code or 0
    local kept = pack_message(outcome, refusal, 0, kept_code, no, wall_now, fingerprint) .. balances
    if is_inquiry then kept = '\23' .. string.sub(kept, 2) end
    redis.call('HSET', keys[1], 'h', pack_head(version, business, next_hash))
    redis.call('HSET', keys[2], message_field, kept)
    return answer(1, outcome, refusal, 0, kept_code, no) .. balances
  end

  available = available - amount
  held = held + amount
  if asks == 1 then outcome = PENDING end
  entry = entry .. struct.pack('>BBI6I6dd', outcome, 0, business, amount, available, held)
  local no, next_hash = journal(keys[3], entry, hash)
  local is_plain = outcome == APPROVED and purpose ~= PURPOSE_FUEL
  local state = asks == 1 and HOLD_PENDING or HOLD_OPEN
  local hold = struct.pack('>BBBI6I3I5I4c8c8I6I2I4I4', is_plain and 17 or 21, outcome, state, amount, code, no,
    math.floor(wall_now / 1000), fingerprint, chain_key, amount, mcc, rate, seconds)
  if not is_plain then hold = hold .. struct.pack('>I6B', asked, purpose == PURPOSE_FUEL and FUEL_AWAITED or 0) end
  local head_now, balance_now = pack_head(version, business, next_hash), pack_balance(available, held)
  -- Later messages of the chain name it by the network's id, which keeps its first hold.
  local names_chain = chain_field and (chain_id == CHAIN_RENAMES or not card[3])
  if card_writes then
    if names_chain then
      card_writes[#card_writes + 1] = chain_field
      card_writes[#card_writes + 1] = '\19' .. message_key
    end
    redis.call('HSET', keys[1], 'h', head_now, balance_field, balance_now, unpack(account_writes))
    redis.call('HSET', keys[2], message_field, hold, unpack(card_writes))
  else
    redis.call('HSET', keys[1], 'h', head_now, balance_field, balance_now)
    if names_chain then redis.call('HSET', keys[2], message_field, hold, chain_field, '\19' .. message_key)
    else redis.call('HSET', keys[2], message_field, hold) end
  end
  if outcome ~= APPROVED then return answer(1, outcome, 0, amount, code, no) .. struct.pack('>I6', asked) end
  return answer(1, outcome, 0, amount, code, no)
end
