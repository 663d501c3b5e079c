--- reverse: give back what remains of a hold, or lower it to a replacement amount, once (rules: Holds, Reversal)
--- keys: account card journal
--- args: message_key:c8 undo_key:c8 fingerprint:c8 wall_now:I6 business_now:I6 account_version:I4 holder_version:I4 chain_version:I4 mcc:I2 replacement:I6
--- texts: balance_field holder_field entry
--- rest: limits
--- reply: outcome ...
local function reverse(keys, message_key, undo_key, fingerprint, wall_now, business_now, account_version,
    holder_version, chain_version, mcc, replacement, balance_field, holder_field, entry, limits)
  local account, card = read_both(keys, { 'h', balance_field, holder_field },
    { 'v', 'm' .. undo_key, 'm' .. message_key }, limits)

  if card[3] then return first_answer(card[3], fingerprint) end
  local head, holder, static = account[1], account[3], card[1]
  if not (head and holder and static) then return { 'stale' } end
  local version, last, hash = unpack_head(head)
  if version ~= account_version or version_of(holder) ~= holder_version or version_of(static) ~= chain_version then
    return { 'stale' }
  end

  local original = card[2]
  local hold = original and is_hold(original) and unpack_hold(original)
  local is_open = hold and hold.state == HOLD_OPEN
  -- The limits that were charged depend on the MCC of the hold, which a reversal need not repeat.
  if is_open and hold.mcc ~= mcc then return { 'other_mcc', int(hold.mcc) } end

  local outcome, released, original_no, charged = NOTHING_TO_RELEASE, 0, 0, 0
  if not original then
    outcome = TOMBSTONE
  elseif string.byte(original, 2) == AWAITED then
    outcome = UNKNOWN
  elseif is_open then
    original_no, charged = hold.no, hold.charged
    if replacement == COUNT_ONLY or replacement == 0 then
      outcome, released = RELEASED, hold.remaining
    elseif replacement > hold.remaining then
      outcome = EXCEPTION
    else
      outcome, released = LOWERED, hold.remaining - replacement
    end
  end
  local available, held = unpack_balance(account[2])
  if held < released then error('held below what is released') end
  local business = business_now > last and business_now or last
  local account_writes, card_writes = {}, {}
  -- The last refusal is above; from here only writes.

  available = available + released
  held = held - released
  entry = entry .. struct.pack('>BBI6I6ddI6BI6I6', outcome, 0, business, released, available, held, 0,
    original_no > 0 and 1 or 0, original_no, original_no)
  if released > 0 then entry = entry .. struct.pack('>I2d', math.floor(charged / 86400), -released) end
  local no, next_hash = journal(keys[3], entry, hash)
  if released > 0 then
    give_back(limits, account, card, charged, released, account_writes, card_writes)
    account_writes[#account_writes + 1] = balance_field
    account_writes[#account_writes + 1] = pack_balance(available, held)
  end
  if outcome == RELEASED or outcome == LOWERED then
    hold.remaining = hold.remaining - released
    if outcome == RELEASED then
      hold.state = HOLD_REVERSED
      hold.wall = math.floor(wall_now / 1000)
    end
    card_writes[#card_writes + 1] = 'm' .. undo_key
    card_writes[#card_writes + 1] = pack_hold(hold)
  elseif outcome == TOMBSTONE then
    card_writes[#card_writes + 1] = 'm' .. undo_key
    card_writes[#card_writes + 1] = pack_message(AWAITED, 0, 0, 0, no, wall_now, fingerprint)
  end
  redis.call('HSET', keys[1], 'h', pack_head(version, business, next_hash), unpack(account_writes))
  redis.call('HSET', keys[2], 'm' .. message_key, pack_message(outcome, 0, released, 0, no, wall_now, fingerprint),
    unpack(card_writes))
  return answer(1, outcome, 0, released, 0, no)
end
