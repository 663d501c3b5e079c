-- What a posting leaves of itself moves back: up for a debit, down for a credit, which counts in no limit.
local function undo_posting(call, done, posting, replacement)
  done.amount = posting.remaining - replacement
  if posting.state == POSTED_CREDIT then
    done.touched = TOUCHED_CREDIT
    take(posting, done.amount)
    call.available = call.available - done.amount
  else
    done.touched = TOUCHED_DEBIT
    done.days = remain(call, posting, replacement)
    call.available = call.available + done.amount
  end
  keep(call, posting.key, pack_money(posting))
end

--- reverse: give back what remains of a hold or a posting, or lower it to a replacement amount, once (rules: Holds, Reversal)
--- keys: account card journal
--- args: message_key:c8 undo_key:c8 second_key:c8 third_key:c8 names_authorization:B fingerprint:c8 wall_now:I6 business_now:I6 account_version:I4 holder_version:I4 chain_version:I4 counted_mcc:I2 in_currency:B replacement:I6
--- texts: balance_field holder_field entry
--- rest: limits
--- reply: outcome ...
-- The first of the three keys that is known is the original; they are the same where DE90 tells its function.
-- `in_currency`: REVERSED_IN_FULL, IN_CARD_CURRENCY, or IN_OTHER_CURRENCY, which needs the original's rate first.
local function reverse(keys, message_key, undo_key, second_key, third_key, names_authorization, fingerprint, wall_now,
    business_now, account_version, holder_version, chain_version, counted_mcc, in_currency, replacement, balance_field,
    holder_field, entry, limits)
  local account, card = read_both(keys, { 'h', balance_field, holder_field },
    { 'v', 'm' .. message_key, 'm' .. undo_key, 'm' .. second_key, 'm' .. third_key }, limits)
  if card[2] then return first_answer(card[2], fingerprint) end
  local call = open_call({ keys = keys, account = account, card = card, fixed = 5, limits = limits,
    balance_field = balance_field }, wall_now, business_now, account_version, holder_version, chain_version)
  if not call then return { 'stale' } end

  local first, money = follow(keys[2], undo_key, card[3])
  if not first then first, money = follow(keys[2], second_key, card[4]) end
  if not first then first, money = follow(keys[2], third_key, card[5]) end
  local is_posting = money and money.format == 22
  -- What was posted for an authorization is not undone by naming the authorization (rules: Reversal, after capture).
  local is_captured = is_posting and names_authorization == 1
  local most = 0
  if is_posting and not is_captured or money and money.state == HOLD_OPEN then most = money.remaining end
  local is_increment = money and not is_posting and first ~= money and first.outcome == APPROVED
  if is_increment and money.state == HOLD_OPEN then most = first.left end
  -- What waits for the program's endpoint goes as a whole: nobody was told of an approval yet.
  local is_waiting = first and first.outcome == PENDING
  local is_undone = most > 0 or is_waiting
  -- An open hold of which nothing remains is closed by its reversal all the same.
  if money and money.state == HOLD_OPEN and not is_increment then is_undone = true end
  if is_undone and not is_waiting and in_currency == IN_OTHER_CURRENCY then return { 'need_rate', int(money.rate) } end
  -- The limits that were charged depend on the MCC of the hold or the posting, which a reversal need not repeat.
  if is_undone and money and money.mcc ~= counted_mcc then return { 'other_mcc', int(money.mcc) } end

  local done = { outcome = NOTHING_TO_RELEASE, amount = 0, touched = TOUCHED_NOTHING, before = 0, days = {},
    target_no = money and money.no or 0, via_no = first and first.no or 0 }
  local left = in_currency == REVERSED_IN_FULL and 0 or replacement
  if not first then
    done.outcome, done.touched = TOMBSTONE, TOUCHED_TOMBSTONE
  elseif first.outcome == AWAITED then
    done.outcome = UNKNOWN
  elseif is_waiting then
    done.outcome = KILLED_PENDING
    dismiss(call, done, first, money, REVERSED_BEFORE, 0)
  elseif is_undone and left > most then
    done.outcome = EXCEPTION
  elseif is_undone and is_posting then
    done.outcome = REPOSTED
    undo_posting(call, done, money, left)
  elseif is_undone then
    done.outcome = left > 0 and LOWERED or RELEASED
    undo_hold(call, done, first, money, left)
  elseif first.outcome == DECLINED and not first.named then
    done.touched = TOUCHED_DECLINE
  end
  record(call, entry, done)

  local own = own_answer(call, done, 0, fingerprint)
  -- An answer that changed a hold lives as long as that: forgotten earlier, its repeat would undo what has come since.
  local is_of_hold = is_undone and not is_posting and money and money.state == HOLD_OPEN
  if is_of_hold then keep_naming(call, message_key, own, money.key, 0)
  else keep_answer(call, message_key, own) end
  if done.touched == TOUCHED_TOMBSTONE then
    own.outcome = AWAITED
    keep_answer(call, undo_key, own)
    if second_key ~= undo_key then keep_answer(call, second_key, own) end
  elseif done.touched == TOUCHED_DECLINE then
    -- Whoever stands in for a decline that has been undone moves nothing any more.
    keep_naming(call, first.key, first, message_key, 0)
  end
  finish(call)
  return answer(1, done.outcome, 0, done.amount, 0, call.no)
end
