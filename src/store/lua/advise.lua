-- What an approved advice comes to by what is kept under its authorization's key (rules: Holds, Stand-in advice).
local function advised_by_key(first, money, is_completion)
  if first.outcome == AWAITED or first.outcome == REVERSED_BEFORE then return RELEASED end
  -- An increment that still waits comes to nothing where its hold has ended meanwhile.
  if first.outcome == PENDING and not (money and is_standing(money)) then return RELEASED end
  if not money then
    if first.outcome ~= DECLINED then return MERGED end
    -- A decline names the reversal that has undone it: its hold would never be released.
    return first.named and RELEASED or HELD
  end
  -- An increment is part of its hold already, whatever has become of that; one that waits is approved by this.
  if first ~= money and (first.outcome == APPROVED or first.outcome == PENDING) and money.format ~= 22 then
    return MERGED
  end
  if money.format == 22 or money.state == HOLD_CAPTURED then return ATTACHED end
  if money.state == HOLD_EXPIRED then return MERGED end
  if money.state == HOLD_REVERSED then return RELEASED end
  return (is_completion and money.fuel ~= 0) and COMPLETED or MERGED
end

-- ... and by what the chain's id names, where nothing is kept under that key.
local function advised_by_chain(money, purpose, is_completion)
  if not money then return HELD end
  if money.format == 22 or money.state == HOLD_CAPTURED then return ATTACHED end
  if not is_standing(money) then return HELD end
  if purpose == PURPOSE_INCREMENT then return money.state == HOLD_OPEN and ADDED or HELD end
  -- What stands in for the pump's own question does not say what was pumped.
  if purpose == PURPOSE_FUEL then return MERGED end
  return (is_completion and money.fuel ~= 0) and COMPLETED or HELD
end

--- advise: take in what the network has answered in our place; it is never refused (rules: Holds, Stand-in advice)
--- keys: account card journal
--- args: message_key:c8 authorization_key:c8 chain_key:c8 fingerprint:c8 wall_now:I6 business_now:I6 account_version:I4 holder_version:I4 chain_version:I4 is_approved:B purpose:B chain_id:B amount:I6 code:I3 mcc:I2 counted_mcc:I2 rate:I4
--- texts: balance_field holder_field entry
--- rest: limits
--- reply: outcome ...
-- `is_approved`: 0, 1, or NOBODY_CAN_BILL where the amount cannot be told: a stored answer wins over that as well.
local function advise(keys, message_key, authorization_key, chain_key, fingerprint, wall_now, business_now,
    account_version, holder_version, chain_version, is_approved, purpose, chain_id, amount, code, mcc, counted_mcc, rate,
    balance_field, holder_field, entry, limits)
  local account, card = read_both(keys, { 'h', balance_field, holder_field },
    { 'v', 'm' .. message_key, 'm' .. authorization_key, 'x' .. chain_key }, limits)
  if card[2] then return first_answer(card[2], fingerprint) end
  if is_approved == NOBODY_CAN_BILL then return { 'unbillable' } end
  local call = open_call({ keys = keys, account = account, card = card, fixed = 4, limits = limits,
    balance_field = balance_field }, wall_now, business_now, account_version, holder_version, chain_version)
  if not call then return { 'stale' } end

  local is_completion = purpose == PURPOSE_PURCHASE and mcc == MCC_FUEL
  local first, money = follow(keys[2], authorization_key, card[3])
  local outcome = RELEASED
  if is_approved == 1 and first then
    outcome = advised_by_key(first, money, is_completion)
  elseif is_approved == 1 then
    money = chain_id ~= CHAIN_NONE and follow_chain(keys[2], card[4])
    outcome = advised_by_chain(money, purpose, is_completion)
  end
  local is_undone = is_approved == 0 and money and is_standing(money)
  -- Whoever waits is answered by the network's own answer.
  local waiting = first or money
  local is_waiting = waiting and waiting.outcome == PENDING
  local is_admitted = is_waiting and outcome == MERGED
  local is_ended = is_waiting and outcome == RELEASED
  local is_held = outcome == HELD and purpose < PURPOSE_REFUND and amount > 0
  local is_moved = is_undone or outcome == ADDED or outcome == COMPLETED
  -- What is added to a hold or taken from it counts as the hold does; a new one counts as its advice.
  local wanted_mcc = is_moved and money.mcc or mcc
  if (is_held or is_moved) and counted_mcc ~= wanted_mcc then return { 'other_mcc', int(wanted_mcc) } end

  local done = { outcome = outcome, amount = 0, touched = TOUCHED_NOTHING, before = 0, days = {},
    target_no = money and money.no or first and first.no or 0, via_no = first and first.no or 0 }
  if is_held then
    done.amount, done.target_no = amount, 0
    if first then done.touched = TOUCHED_DECLINE end
    money = new_money(call, 17, HOLD_OPEN, { code = code, fingerprint = fingerprint, chain_key = chain_key, mcc = mcc,
      rate = rate, amount = amount })
    -- What was pumped may be said again; of a pump that was only unlocked it is still to come.
    if purpose == PURPOSE_FUEL then money.fuel = FUEL_AWAITED elseif is_completion then money.fuel = FUEL_COMPLETED end
    done.days = hold_to(call, money, amount)
  elseif outcome == ADDED then
    done.amount, done.touched = amount, TOUCHED_HOLD
    done.days = hold_to(call, money, money.remaining + amount)
  elseif outcome == COMPLETED then
    done.amount, done.touched, done.before = amount, TOUCHED_HOLD, money.remaining
    done.days = hold_to(call, money, amount)
    money.fuel = FUEL_COMPLETED
    admit(money, money)
    if amount == 0 then close(call, money, HOLD_REVERSED) end
  elseif is_ended then
    -- Its hold may have been forgotten before it.
    if not money then done.target_no = 0 end
    dismiss(call, done, first, money, REVERSED_BEFORE, 0)
  elseif is_undone then
    undo_hold(call, done, first, money, 0)
  elseif is_admitted then
    done.touched, done.via_no = TOUCHED_RESERVATION, waiting.no
    admit(waiting, money)
    keep(call, waiting.key, waiting == money and pack_money(money) or pack_naming(waiting))
  elseif is_approved == 0 and not first then
    done.touched = TOUCHED_TOMBSTONE
  end
  record(call, entry, done)

  local own = own_answer(call, done, (is_held or outcome == ADDED) and code or 0, fingerprint)
  if is_held and first then
    keep_new(call, message_key, money, HELD)
    keep_naming(call, authorization_key, first, message_key, 0)
  elseif is_held then
    -- The late original is a repeat of this: it is approved with this amount.
    keep_new(call, authorization_key, money, APPROVED)
    keep_naming(call, message_key, own, authorization_key, 0)
  elseif outcome == ADDED and amount == 0 then
    keep_answer(call, message_key, own)
    own.outcome = APPROVED
    keep_answer(call, authorization_key, own)
  elseif outcome == ADDED then
    keep(call, money.key, pack_money(money))
    keep_naming(call, message_key, own, money.key, 0)
    own.outcome = APPROVED
    keep_naming(call, authorization_key, own, money.key, amount)
  elseif outcome == COMPLETED then
    keep(call, money.key, pack_money(money))
    -- It lives as long as its hold: forgotten earlier, its repeat would set again what has been added since.
    keep_naming(call, message_key, own, money.key, 0)
  else
    keep_answer(call, message_key, own)
    own.outcome = AWAITED
    if done.touched == TOUCHED_TOMBSTONE then keep_answer(call, authorization_key, own) end
  end
  if is_held and chain_id ~= CHAIN_NONE and (purpose == PURPOSE_INCREMENT or not card[4]) then
    name_chain(call, chain_key, money.key)
  end
  finish(call)
  return answer(1, outcome, 0, done.amount, own.code, call.no)
end
