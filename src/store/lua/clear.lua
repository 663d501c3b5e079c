-- Takes what is captured out of a hold: it stays charged, on the days that were charged first, so that what is left to
-- be given back is of the latest ones.
local function capture(hold, amount)
  local left = amount
  for _, part in ipairs(hold.days) do
    local captured = math.min(part[2], left)
    part[2], left = part[2] - captured, left - captured
  end
  hold.remaining = hold.remaining - amount
end

--- clear: post what is presented for clearing, whatever has become of its authorization (rules: Clearing always posts)
--- keys: account card journal
--- args: message_key:c8 hold_key:c8 hold_no:I6 fingerprint:c8 wall_now:I6 business_now:I6 account_version:I4 holder_version:I4 chain_version:I4 is_credit:B is_final:B amount:I6 counted_mcc:I2
--- texts: balance_field holder_field entry
--- rest: limits
--- reply: outcome ...
-- `hold_no` is the authorization's journal number, 0 where there is none. `is_final`: what the hold has left is released.
local function clear(keys, message_key, hold_key, hold_no, fingerprint, wall_now, business_now, account_version,
    holder_version, chain_version, is_credit, is_final, amount, counted_mcc, balance_field, holder_field, entry, limits)
  local account, card = read_both(keys, { 'h', balance_field, holder_field },
    { 'v', 'm' .. message_key, 'm' .. hold_key }, limits)
  if card[2] then return first_answer(card[2], fingerprint) end
  local call = open_call({ keys = keys, account = account, card = card, fixed = 3, limits = limits,
    balance_field = balance_field }, wall_now, business_now, account_version, holder_version, chain_version)
  if not call then return { 'stale' } end
  local first, hold = follow(keys[2], hold_key, card[3])
  -- What lies there is the authorization's own hold, or it is somebody else's by now.
  if hold and (first ~= hold or hold.no ~= hold_no) then hold = nil end
  local is_open = is_credit == 0 and hold and is_standing(hold)
  if amount == 0 and not (is_open and is_final == 1) then return { 'nothing' } end
  if is_credit == 0 and hold and hold.mcc ~= counted_mcc then return { 'other_mcc', int(hold.mcc) } end

  local done = { outcome = hold_no > 0 and CAPTURED or FORCE_POSTED, amount = amount, touched = TOUCHED_NOTHING,
    before = 0, days = {}, target_no = hold_no, via_no = hold and hold_no or 0 }
  if is_credit == 1 then
    done.outcome = REFUNDED
    call.available = call.available + amount
  else
    call.available = call.available - amount
    if is_open then
      done.touched, done.before = TOUCHED_HOLD, hold.remaining
      capture(hold, math.min(amount, hold.remaining))
      call.held = call.held - done.before + hold.remaining
      call.available = call.available + done.before - hold.remaining
      if is_final == 1 then done.days = hold_to(call, hold, 0) end
      admit(hold, hold)
      if is_final == 1 then close(call, hold, HOLD_CAPTURED) end
      keep(call, hold_key, pack_money(hold))
    end
    if amount > done.before then
      local excess = amount - done.before
      charge(limits, account, card, 3, call.seconds, excess, true, call.account_writes, call.card_writes)
      done.days = { { day_of(call.seconds), excess } }
    end
  end
  record(call, entry, done)

  local own = own_answer(call, done, 0, fingerprint)
  -- Forgotten before its hold, its repeat would capture again.
  if hold then keep_naming(call, message_key, own, hold_key, 0) else keep_answer(call, message_key, own) end
  finish(call)
  return answer(1, done.outcome, 0, amount, 0, call.no)
end
