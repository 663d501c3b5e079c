--- resolve: end a message's waiting for the program's endpoint, with its answer or without, once (rules: Real-time endpoint)
--- keys: account card journal
--- args: message_key:c8 message_no:I6 wall_now:I6 business_now:I6 account_version:I4 holder_version:I4 chain_version:I4 counted_mcc:I2 is_confirmed:B reason:B amount:I6
--- texts: balance_field holder_field entry
--- rest: limits
--- reply: outcome ...
-- Behind the word stands the answer that a repeat of the message gets from now on; behind `done` the journal number too.
local function resolve(keys, message_key, message_no, wall_now, business_now, account_version, holder_version,
    chain_version, counted_mcc, is_confirmed, reason, amount, balance_field, holder_field, entry, limits)
  local account, card = read_both(keys, { 'h', balance_field, holder_field }, { 'v', 'm' .. message_key }, limits)
  local first, hold = follow(keys[2], message_key, card[2])
  if not first or first.no ~= message_no then return { 'forgotten' } end
  if first.outcome ~= PENDING then return { 'already', first_answer(card[2], first.fingerprint) } end
  local call = open_call({ keys = keys, account = account, card = card, fixed = 2, limits = limits,
    balance_field = balance_field }, wall_now, business_now, account_version, holder_version, chain_version)
  if not call then return { 'stale' } end
  if hold and hold.mcc ~= counted_mcc then return { 'other_mcc', int(hold.mcc) } end

  local done = { outcome = RELEASED, reason = reason, amount = 0, touched = TOUCHED_NOTHING, days = {},
    before = first ~= hold and first.left or hold.remaining, target_no = hold and hold.no or 0, via_no = first.no }
  local packed
  if is_confirmed == 0 then
    packed = dismiss(call, done, first, hold, DECLINED, reason)
  elseif hold and is_standing(hold) then
    done.outcome = CONFIRMED
    packed = confirm(call, done, first, hold, amount)
  else
    -- What it was to be added to is over.
    done.outcome = KILLED_PENDING
    packed = dismiss(call, done, first, hold, REVERSED_BEFORE, 0)
  end
  record(call, entry, done)
  finish(call)
  return { 'done', first_answer(packed, first.fingerprint), int(call.no) }
end
