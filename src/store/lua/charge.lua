-- Adds the amount to every counter that it counts in, or names the refusal: nothing is written here.
-- `account` and `card` are the answers to the HMGETs: the counters stand behind three and two fixed fields.
local function charge(limits, account, card, seconds, amount, account_writes, card_writes)
  local at_account, at_card = 3, 2
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
    local spent = 0
    if counter then
      local counted, amount_spent = unpack_counter(counter)
      if counted == window then spent = amount_spent end
    end
    if most < COUNT_ONLY and spent + amount > most then return REFUSED_FOR_LIMIT end
    writes[#writes + 1] = field
    writes[#writes + 1] = pack_counter(counter, window, spent + amount)
  end
  return 0
end

-- Gives an amount back to the counters of the windows that were charged, and to no other. A counter that does not
-- stand in that window has nothing to give. Here the counters of the card stand behind three fixed fields.
local function give_back(limits, account, card, seconds, amount, account_writes, card_writes)
  local at_account, at_card = 3, 3
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
      if counted == window_of(interval, seconds) then
        writes[#writes + 1] = field
        writes[#writes + 1] = pack_counter(counter, counted, spent - amount)
      end
    end
  end
end
