--- post: decide a request that posts at once, a 0200 (rules: Holds, 0200/0220); no hold is captured by it
--- keys: account card journal
--- args: message_key:c8 chain_key:c8 fingerprint:c8 wall_now:I6 business_now:I6 deadline:I6 account_version:I4 holder_version:I4 chain_version:I4 refusal:B purpose:B pin:B card_no:I4 amount:I6 least:I6 code:I3 mcc:I2 rate:I4
--- texts: balance_field holder_field entry
--- rest: limits
--- reply: outcome ...
local function post(keys, message_key, chain_key, fingerprint, wall_now, business_now, deadline, account_version,
    holder_version, chain_version, refusal, purpose, pin, card_no, amount, least, code, mcc, rate, balance_field,
    holder_field, entry, limits)
  local account, card = read_both(keys, { 'h', balance_field, holder_field }, { 'v', 'm' .. message_key }, limits)
  local is_awaited = card[2] and is_tombstone(card[2])
  if card[2] and not is_awaited then return first_answer(card[2], fingerprint) end
  local time = redis.call('TIME')
  if time[1] * 1000 + time[2] / 1000 > deadline then return { 'expired_deadline' } end
  local call = open_call({ keys = keys, account = account, card = card, fixed = 2, limits = limits,
    balance_field = balance_field }, wall_now, business_now, account_version, holder_version, chain_version)
  if not call then return { 'stale' } end

  local failed_tries
  if pin ~= PIN_NONE and not is_awaited then refusal, failed_tries = try_pin(keys[2], card_no, pin, refusal) end
  local posted = amount
  if refusal == 0 and not is_awaited and purpose < PURPOSE_REFUND and amount > 0 then
    refusal = charge(limits, account, card, 2, call.seconds, amount, false, {}, {})
    if refusal == 0 and call.available < least then refusal = REFUSED_FOR_FUNDS end
    posted = math.min(amount, call.available)
  end
  local done = { outcome = POSTED, amount = 0, touched = TOUCHED_NOTHING, before = 0, days = {}, target_no = 0, via_no = 0 }
  local is_credit = purpose == PURPOSE_REFUND
  if is_awaited then
    done.outcome = REVERSED_BEFORE
  elseif refusal ~= 0 then
    done.outcome, done.reason = DECLINED, refusal
  elseif purpose > PURPOSE_REFUND or amount == 0 then
    done.outcome = APPROVED
  end
  local posting
  if done.outcome == POSTED then
    done.amount = posted
    posting = new_money(call, 22, is_credit and POSTED_CREDIT or POSTED_DEBIT, { code = code, fingerprint = fingerprint,
      chain_key = chain_key, mcc = mcc, rate = rate, amount = posted, asked = amount })
    if is_credit then
      grow(posting, call.seconds, posted)
      call.available = call.available + posted
    else
      done.days = remain(call, posting, posted)
      call.available = call.available - posted
    end
  end
  record(call, entry, done)
  if failed_tries then keep_tries(keys[2], card_no, failed_tries) end
  local own = own_answer(call, done, (done.outcome == POSTED or done.outcome == APPROVED) and code or 0, fingerprint)
  local behind = ''
  if posting then
    keep_new(call, message_key, posting, POSTED)
    behind = struct.pack('>I6', amount)
  elseif done.outcome == APPROVED and purpose == PURPOSE_INQUIRY then
    behind = struct.pack('>dd', call.available, call.held)
    keep(call, message_key, struct.pack('>BBBI6I3I5I4c8', 23, APPROVED, 0, 0, code, call.no, call.wall, fingerprint) .. behind)
  else
    keep_answer(call, message_key, own)
  end
  finish(call)
  return answer(1, done.outcome, own.reason, done.amount, own.code, call.no) .. behind
end
