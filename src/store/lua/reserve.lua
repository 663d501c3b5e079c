-- What waits for the program's endpoint (rules: Real-time endpoint): the hold of a first message, in a state of its own,
-- or what an increment has added to an open hold. Its outcome is PENDING, and of nothing else.

-- A hold that can still be captured or released.
local function is_standing(hold)
  return hold.state == HOLD_OPEN or hold.state == HOLD_PENDING
end

-- The waiting is over, as if nobody had been asked: a repeat gets the approval from now on.
local function admit(first, hold)
  if first.outcome ~= PENDING then return end
  if first ~= hold then
    first.outcome = APPROVED
    return
  end
  hold.outcome = hold.amount < hold.asked and hold.fuel == 0 and PARTIAL or APPROVED
  if hold.state == HOLD_PENDING then hold.state = HOLD_OPEN end
end

-- Approves what waited; of a first message it may be less than was reserved. An increment takes no part (rules: Holds).
-- Tells what is kept under its key.
local function confirm(call, done, first, hold, amount)
  if first ~= hold then
    done.touched = TOUCHED_INCREMENT
    admit(first, hold)
    local packed = pack_naming(first)
    keep(call, first.key, packed)
    return packed
  end
  done.touched = TOUCHED_HOLD
  done.amount = math.max(hold.remaining - amount, 0)
  done.days = hold_to(call, hold, hold.remaining - done.amount)
  hold.amount = hold.remaining
  admit(first, hold)
  local packed = pack_money(hold)
  keep(call, first.key, packed)
  return packed
end

-- Gives back what waited, as far as its hold still has it, and leaves a plain answer in its place. Tells that.
local function dismiss(call, done, first, hold, outcome, reason)
  local is_part = first ~= hold
  if hold then
    done.touched = is_part and TOUCHED_INCREMENT or TOUCHED_HOLD
    done.amount = math.min(is_part and first.left or hold.remaining, hold.remaining)
    done.days = hold_to(call, hold, hold.remaining - done.amount, is_part and day_of(first.charged))
    if is_part then keep(call, hold.key, pack_money(hold)) end
  end
  local packed = struct.pack('>BBBI6I3I5I4c8', 18, outcome, reason, 0, 0, first.no, call.wall, first.fingerprint)
  keep(call, first.key, packed)
  return packed
end
