-- An original that is undone: its reversal came first, or a decline names the reversal that has undone it.
local function is_undone(first, money)
  return first.outcome == AWAITED or first.outcome == REVERSED_BEFORE
    or first.outcome == DECLINED and first.named and not money
end

-- What a 0220 comes to, by its original: what is kept under the original's key, else what the chain's id names.
local function told_posting(first, money, first_function, purpose, amount)
  local is_financial = first_function == FUNCTION_FINANCIAL
  -- Who has reversed a 0100 has not reversed what was posted for it (rules: Reversal, after capture).
  if first and first_function ~= FUNCTION_AUTHORIZATION and is_undone(first, money) then return REVERSED_BEFORE end
  if money and money.format == 22 and is_financial then return DUPLICATE end
  if purpose > PURPOSE_REFUND then return EXCEPTION end
  if money and is_standing(money) and purpose ~= PURPOSE_REFUND then return CAPTURED_HOLD end
  return amount > 0 and FORCE_POSTED or EXCEPTION
end

-- A decline that nobody has stood in for, and that nobody has reversed: it names what is posted in spite of it.
local function is_bare_decline(known)
  return known and known.outcome == DECLINED and not known.named
end

-- The answer that a late original gets whose posting was told before it came.
local function answer_of_late(message_function)
  if message_function == FUNCTION_AUTHORIZATION then return APPROVED end
  return message_function == FUNCTION_FINANCIAL and POSTED or FORCE_POSTED
end

--- post_advice: post what a financial advice, a 0220, says has happened; it is never refused (rules: Holds, 0200/0220)
--- keys: account card journal
--- args: message_key:c8 first_key:c8 second_key:c8 chain_key:c8 fingerprint:c8 wall_now:I6 business_now:I6 account_version:I4 holder_version:I4 chain_version:I4 is_approved:B purpose:B first_function:B chain_id:B amount:I6 code:I3 mcc:I2 counted_mcc:I2 rate:I4
--- texts: balance_field holder_field entry
--- rest: limits
--- reply: outcome ...
-- `is_approved`: 0, 1, or NOBODY_CAN_BILL where the amount cannot be told: a stored answer wins over that as well.
-- The original is looked for under `first_key`, where `first_function` would have left it, then as a 0200 under
-- `second_key`; they are the same where DE90 tells its function.
local function post_advice(keys, message_key, first_key, second_key, chain_key, fingerprint, wall_now, business_now,
    account_version, holder_version, chain_version, is_approved, purpose, first_function, chain_id, amount, code, mcc,
    counted_mcc, rate, balance_field, holder_field, entry, limits)
  local account, card = read_both(keys, { 'h', balance_field, holder_field },
    { 'v', 'm' .. message_key, 'm' .. first_key, 'm' .. second_key, 'x' .. chain_key }, limits)
  local is_awaited = card[2] and is_tombstone(card[2])
  if card[2] and not is_awaited then return first_answer(card[2], fingerprint) end
  if is_approved == NOBODY_CAN_BILL then return { 'unbillable' } end
  local call = open_call({ keys = keys, account = account, card = card, fixed = 5, limits = limits,
    balance_field = balance_field }, wall_now, business_now, account_version, holder_version, chain_version)
  if not call then return { 'stale' } end

  local first, money = follow(keys[2], first_key, card[3])
  local found_as = first_function
  if second_key ~= first_key and (not first or is_undone(first, money)) then
    -- The 0200 of the same tuple may tell more than a 0100 that has been reversed.
    local second, second_money = follow(keys[2], second_key, card[4])
    if second then first, money, found_as = second, second_money, FUNCTION_FINANCIAL end
  end
  if not first and chain_id ~= CHAIN_NONE then
    money = follow_chain(keys[2], card[5])
    found_as = FUNCTION_NONE
  end
  local outcome = is_awaited and REVERSED_BEFORE or told_posting(first, money, found_as, purpose, amount)
  if is_approved == 0 then outcome = EXCEPTION end
  local is_credit = purpose == PURPOSE_REFUND
  local is_posted = outcome == CAPTURED_HOLD or outcome == FORCE_POSTED
  -- What a hold has charged stays charged as it was; without one it counts as the advice.
  local wanted_mcc = outcome == CAPTURED_HOLD and money.mcc or mcc
  if is_posted and not is_credit and counted_mcc ~= wanted_mcc then return { 'other_mcc', int(wanted_mcc) } end

  local done = { outcome = outcome, amount = 0, touched = TOUCHED_NOTHING, before = 0, days = {},
    target_no = money and money.no or first and first.no or 0, via_no = first and first.no or 0 }
  -- A tombstone is of a reversal: what is posted in spite of it is linked to nothing.
  if is_posted and first and first.outcome == AWAITED then done.target_no = 0 end
  local posting
  if is_posted then
    done.amount = amount
    posting = new_money(call, 22, is_credit and POSTED_CREDIT or POSTED_DEBIT, { code = code, fingerprint = fingerprint,
      chain_key = chain_key, mcc = wanted_mcc, rate = rate, amount = amount })
  end
  if outcome == CAPTURED_HOLD then
    done.touched, done.before = TOUCHED_HOLD, money.remaining
    call.held = call.held - done.before
    call.available = call.available + done.before - amount
    done.days = remain(call, money, amount)
    -- The posting goes on where the hold was charged.
    posting.days, posting.charged, posting.remaining = money.days, money.charged, amount
    if rate == 0 then posting.rate = money.rate end
    money.days, money.remaining = { { day_of(money.charged), 0 } }, 0
    admit(money, money)
    close(call, money, HOLD_CAPTURED)
    keep(call, money.key, pack_money(money))
  elseif is_posted and is_credit then
    grow(posting, call.seconds, amount)
    call.available = call.available + amount
  elseif is_posted then
    done.days = remain(call, posting, amount)
    call.available = call.available - amount
  end
  local is_decline = is_posted and is_bare_decline(first)
  if is_decline then done.touched = TOUCHED_DECLINE end
  local beside = is_posted and first and first.key ~= second_key and follow(keys[2], second_key, card[4]) or nil
  if is_bare_decline(beside) then done.beside_no = beside.no end
  record(call, entry, done)

  local own = own_answer(call, done, is_posted and code or 0, fingerprint)
  if is_posted then keep_new(call, message_key, posting, outcome)
  -- Who reverses what stood in for a 0200 may name either of them.
  elseif outcome == DUPLICATE then keep_naming(call, message_key, own, money.key, 0)
  else keep_answer(call, message_key, own) end
  if is_decline then keep_naming(call, first.key, first, message_key, 0) end
  if done.beside_no then keep_naming(call, second_key, beside, message_key, 0) end
  if is_posted and not first then
    -- The late original is a repeat of this.
    own.outcome = answer_of_late(first_function)
    if first_key ~= message_key then keep_naming(call, first_key, own, message_key, 0) end
    own.outcome = POSTED
    if second_key ~= first_key then keep_naming(call, second_key, own, message_key, 0) end
  end
  if outcome == FORCE_POSTED and chain_id ~= CHAIN_NONE and not card[5] then
    name_chain(call, chain_key, message_key)
  end
  finish(call)
  return answer(1, outcome, 0, done.amount, own.code, call.no) .. (is_posted and struct.pack('>I6', amount) or '')
end
