-- Wall second at which what lies under a message's key may be forgotten; nil: not by itself.
local function due_of(value, holdless_s, terminal_s, tombstone_s)
  local format, outcome, state = string.byte(value, 1, 3)
  local wall = struct.unpack('>I4', value, 18)
  if is_money(value) then
    if format == 22 then return wall + tombstone_s end
    return state ~= HOLD_OPEN and state ~= HOLD_PENDING and wall + terminal_s or nil
  end
  local is_long = outcome == AWAITED or outcome == REVERSED_BEFORE or outcome == TOMBSTONE or outcome == CAPTURED
    or outcome == REFUNDED or format == 18 and outcome == FORCE_POSTED
  return wall + (is_long and tombstone_s or holdless_s)
end

-- What was cleared outlives its hold: what lies under the hold's key since then is another one.
local function is_another(value, named)
  local outcome = string.byte(value, 2)
  return (outcome == CAPTURED or outcome == REFUNDED) and struct.unpack('>I5', named, 13) > struct.unpack('>I5', value, 13)
end

--- purge: forget the answers whose time is over; no entry, since nothing that counts changes (rules: Identity)
--- keys: card
--- args: wall_now:I6 holdless_s:I4 terminal_s:I4 tombstone_s:I4 most:I4 listpack_entries:I4
--- reply: forgotten remaining next_due
local function purge(keys, wall_now, holdless_s, terminal_s, tombstone_s, most, listpack_entries)
  local all = redis.call('HGETALL', keys[1])
  local now = math.floor(wall_now / 1000)
  local gone, kept, followers, pointers, is_gone, is_kept = {}, {}, {}, {}, {}, {}
  local remaining, next_due = 0, 0
  local function settle(field, value, due)
    if due and due <= now and #gone < most then
      gone[#gone + 1] = field
      is_gone[field] = true
      return
    end
    kept[#kept + 1] = field
    kept[#kept + 1] = value
    if due then
      remaining = remaining + 1
      if next_due == 0 or due < next_due then next_due = due end
    end
  end
  for i = 1, #all, 2 do
    local field, value = all[i], all[i + 1]
    local letter = string.byte(field)
    if letter == 120 then
      pointers[#pointers + 1] = { field = field, value = value, named = 'm' .. string.sub(value, 2, 9) }
    elseif letter == 109 and string.byte(value) == 20 then
      followers[#followers + 1] = { field = field, value = value, named = 'm' .. string.sub(value, 30, 37),
        due = due_of(value, holdless_s, terminal_s, tombstone_s) }
    elseif letter == 109 then
      is_kept[field] = is_money(value) and value
      settle(field, value, due_of(value, holdless_s, terminal_s, tombstone_s))
    else
      settle(field, value, nil)
    end
  end
  -- An answer that names a hold or a posting goes with it, and has no time of its own until then; one that came late to a
  -- posting has some of its own left.
  for _, follower in ipairs(followers) do
    local named = is_kept[follower.named]
    local is_named = named and not is_gone[follower.named] and not is_another(follower.value, named)
    if is_gone[follower.named] and follower.due <= now then
      gone[#gone + 1] = follower.field
      is_gone[follower.field] = true
    else
      settle(follower.field, follower.value, not is_named and follower.due or nil)
    end
  end
  -- A chain's id goes with what it names, which may by now be the answer to what was refused while it waited.
  for _, pointer in ipairs(pointers) do
    if is_gone[pointer.named] then gone[#gone + 1] = pointer.field
    else settle(pointer.field, pointer.value, nil) end
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
