--- expire: give back what remains of a hold that has stood too long, once (rules: Holds, Expiry)
--- keys: account card journal
--- args: hold_key:c8 hold_no:I6 wall_now:I6 business_now:I6 account_version:I4 holder_version:I4 chain_version:I4 counted_mcc:I2 as_fuel:B
--- texts: balance_field holder_field entry
--- rest: limits
--- reply: outcome ...
-- `as_fuel`: it is due because nobody has said what was pumped.
local function expire(keys, hold_key, hold_no, wall_now, business_now, account_version, holder_version, chain_version,
    counted_mcc, as_fuel, balance_field, holder_field, entry, limits)
  local account, card = read_both(keys, { 'h', balance_field, holder_field }, { 'v', 'm' .. hold_key }, limits)
  local _, hold = follow(keys[2], hold_key, card[2])
  if not hold then return { 'already' } end
  if hold.no ~= hold_no or hold.key ~= hold_key then return { 'other' } end
  if hold.state ~= HOLD_OPEN then return { 'already' } end
  if as_fuel == 1 and hold.fuel ~= FUEL_AWAITED then return { 'other' } end
  local call = open_call({ keys = keys, account = account, card = card, fixed = 2, limits = limits,
    balance_field = balance_field }, wall_now, business_now, account_version, holder_version, chain_version)
  if not call then return { 'stale' } end
  if hold.mcc ~= counted_mcc then return { 'other_mcc', int(hold.mcc) } end

  local done = { outcome = EXPIRED, amount = hold.remaining, touched = TOUCHED_HOLD, before = 0, target_no = hold.no,
    via_no = hold.no }
  done.days = hold_to(call, hold, 0)
  close(call, hold, HOLD_EXPIRED)
  record(call, entry, done)
  keep(call, hold_key, pack_money(hold))
  finish(call)
  return { 'done', int(call.no), int(done.amount) }
end
