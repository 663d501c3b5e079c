-- What a limit counts in, as read: the counter's window and what was spent in it, 0 where it is of an earlier one.
local function spent_in(counter, window)
  if not counter then return 0 end
  local counted, spent = unpack_counter(counter)
  return counted == window and spent or 0
end

-- Adds the amount to every counter that it counts in, or names the refusal: nothing is written here. `account` and
-- `card` are the answers to the HMGETs: the counters stand behind three fixed fields and behind `fixed` of the card.
-- What has happened already counts and may exceed.
local function charge(limits, account, card, fixed, seconds, amount, may_exceed, account_writes, card_writes)
  local at_account, at_card = 3, fixed
  for i = 1, #limits do
    local scope, interval, most, field = unpack_limit(limits[i])
    local counter, writes
    if scope == 'c' then
      at_card = at_card + 1
      counter, writes = card[at_card], card_writes
    else
      at_account = at_account + 1
      counter, writes = account[at_account], account_writes
    end
    local window = window_of(interval, seconds)
    local spent = spent_in(counter, window) + amount
    if most < COUNT_ONLY and spent > most and not may_exceed then return REFUSED_FOR_LIMIT end
    writes[#writes + 1] = field
    writes[#writes + 1] = pack_counter(counter, window, spent)
  end
  return 0
end

-- The largest part of an amount that every limit leaves.
local function room(limits, account, card, fixed, seconds, amount)
  local at_account, at_card = 3, fixed
  for i = 1, #limits do
    local scope, interval, most = unpack_limit(limits[i])
    local counter
    if scope == 'c' then
      at_card = at_card + 1
      counter = card[at_card]
    else
      at_account = at_account + 1
      counter = account[at_account]
    end
    if most < COUNT_ONLY then amount = math.min(amount, most - spent_in(counter, window_of(interval, seconds))) end
  end
  return amount
end

-- Gives back to the counters of the windows that were charged, and to no other: `days` are { day, -amount }. A counter
-- that does not stand in such a window has nothing to give.
local function give_back(limits, account, card, fixed, days, account_writes, card_writes)
  local at_account, at_card = 3, fixed
  for i = 1, #limits do
    local scope, interval, _, field = unpack_limit(limits[i])
    local counter, writes
    if scope == 'c' then
      at_card = at_card + 1
      counter, writes = card[at_card], card_writes
    else
      at_account = at_account + 1
      counter, writes = account[at_account], account_writes
    end
    if counter then
      local counted, spent = unpack_counter(counter)
      local after = spent
      for _, part in ipairs(days) do
        if window_of(interval, part[1] * 86400) == counted then after = after + part[2] end
      end
      if after ~= spent then
        writes[#writes + 1] = field
        writes[#writes + 1] = pack_counter(counter, counted, after)
      end
    end
  end
end

-- Adds to a hold what is charged today.
local function grow(money, seconds, amount)
  local today = day_of(seconds)
  money.remaining = money.remaining + amount
  for _, part in ipairs(money.days) do
    if part[1] == today then
      part[2] = part[2] + amount
      return { { today, amount } }
    end
  end
  money.days[#money.days + 1] = { today, amount }
  return { { today, amount } }
end

-- Takes from a hold or a posting, the latest charged day first; of an increment, its own day before all others. Tells
-- what was taken of each day, as negative amounts.
local function take(money, amount, own_day)
  local taken, left = {}, amount
  local function take_from(part)
    local given = math.min(part[2], left)
    if given > 0 then taken[#taken + 1] = { part[1], -given } end
    part[2], left = part[2] - given, left - given
  end
  for _, part in ipairs(money.days) do
    if part[1] == own_day then take_from(part) end
  end
  for i = #money.days, 1, -1 do take_from(money.days[i]) end
  money.remaining = money.remaining - amount
  return taken
end
