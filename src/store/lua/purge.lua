--- purge: forget the answers whose time is over; no entry, since nothing that counts changes (rules: Identity)
--- keys: card
--- args: wall_now:I6 holdless_s:I4 terminal_s:I4 tombstone_s:I4 most:I4 listpack_entries:I4
--- reply: forgotten remaining next_due
local function purge(keys, wall_now, holdless_s, terminal_s, tombstone_s, most, listpack_entries)
  local all = redis.call('HGETALL', keys[1])
  local now = math.floor(wall_now / 1000)
  local gone, kept, is_gone = {}, {}, {}
  local remaining, next_due = 0, 0
  for i = 1, #all, 2 do
    local field, value = all[i], all[i + 1]
    local due
    if string.byte(field) == 109 then
      local outcome, state = string.byte(value, 2, 3)
      local wall = struct.unpack('>I4', value, 18)
      if is_hold(value) then
        due = state ~= HOLD_OPEN and wall + terminal_s
      else
        due = wall + ((outcome == AWAITED or outcome == REVERSED_BEFORE or outcome == TOMBSTONE) and tombstone_s or holdless_s)
      end
    end
    if due and due <= now and #gone < most then
      gone[#gone + 1] = field
      is_gone[field] = true
    else
      kept[#kept + 1] = field
      kept[#kept + 1] = value
      if due then
        remaining = remaining + 1
        if next_due == 0 or due < next_due then next_due = due end
      end
    end
  end
  -- A chain id goes with the hold that it names.
  for i = #kept - 1, 1, -2 do
    if string.byte(kept[i]) == 120 and is_gone['m' .. string.sub(kept[i + 1], 2, 9)] then
      gone[#gone + 1] = table.remove(kept, i)
      table.remove(kept, i)
    end
  end
  if #gone > 0 then
    -- A hash that once was large stays a hash table for ever: written anew it is a listpack again.
    local is_small = #kept > 0 and #kept / 2 <= listpack_entries
    if is_small and redis.call('OBJECT', 'ENCODING', keys[1]) == 'hashtable' then
      redis.call('DEL', keys[1])
      for i = 1, #kept, 64 do redis.call('HSET', keys[1], unpack(kept, i, math.min(i + 63, #kept))) end
    else
      for i = 1, #gone, 64 do redis.call('HDEL', keys[1], unpack(gone, i, math.min(i + 63, #gone))) end
    end
  end
  return { int(#gone), int(remaining), int(next_due * 1000) }
end
