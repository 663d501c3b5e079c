--- commit: the one way in which everything but an authorization changes: compare versions, then write and journal
--- keys: account journal idempotency others
--- args: fingerprint:c8 wall_now:I6 business_now:I6 keep_ms:I6 account_version:I4
--- texts: balance_field entry
--- rest: steps
--- reply: outcome ...
-- `account_version` 0 leaves the account's version as it is. Steps, each a run of texts whose key is a place in the keys:
--   expect key field version | set key field value | del key field | counter key field interval | move amount
local function commit(keys, fingerprint, wall_now, business_now, keep_ms, account_version, balance_field, entry, steps)
  local idempotency = keys[3]
  if keep_ms > 0 then
    local seen = redis.call('GET', idempotency)
    if seen then
      local first_fingerprint, no = struct.unpack('>c8I6', seen)
      if first_fingerprint ~= fingerprint then return { 'mismatch' } end
      return { 'replayed', int(no) }
    end
  end
  local head, balance = unpack(redis.call('HMGET', keys[1], 'h', balance_field))
  local version, last, hash = 0, 0, EMPTY_HASH
  if head then version, last, hash = unpack_head(head) end
  local available, held = unpack_balance(balance)
  local business = business_now > last and business_now or last
  local moved = 0

  local plan = plan_of(steps, keys)
  for _, step in ipairs(plan) do
    if step.kind == 'expect' then
      local found = redis.call('HGET', keys[step.key], step.field)
      local is_same
      if step.value == 'absent' then is_same = not found
      else is_same = found and version_of(found) == digits(step.value) end
      if not is_same then return { 'conflict', step.field } end
    elseif step.kind == 'move' then
      moved = moved + digits(step.value)
    elseif step.kind == 'counter' then
      step.window = window_of(step.value, math.floor(business / 1000))
    end
  end
  if available + moved > MOST_MINOR then return { 'conflict', balance_field } end
  if moved < 0 and available + moved < 0 then return { 'short', int(available) } end
  -- The last refusal is above; from here only writes.

  available = available + moved
  entry = entry .. struct.pack('>I6ddd', business, moved, available, held)
  local no, next_hash = journal(keys[2], entry, hash)
  if account_version > 0 then version = account_version end
  redis.call('HSET', keys[1], 'h', pack_head(version, business, next_hash))
  if moved ~= 0 then redis.call('HSET', keys[1], balance_field, pack_balance(available, held)) end
  for _, step in ipairs(plan) do
    if step.kind == 'set' then
      redis.call('HSET', keys[step.key], step.field, step.value)
    elseif step.kind == 'del' then
      redis.call('HDEL', keys[step.key], step.field)
    elseif step.kind == 'counter' then
      redis.call('HSET', keys[step.key], step.field, struct.pack('>BI4dI6', 2, step.window, 0, no))
    end
  end
  if keep_ms > 0 then
    redis.call('SET', idempotency, struct.pack('>c8I6', fingerprint, no), 'PX', int(keep_ms))
  end
  return { 'done', int(no), int(business) }
end
