--- backfill: add to a new counter what was spent in its window before it existed, once (rules: Limits)
--- keys: account counted journal
--- args: wall_now:I6 business_now:I6 as_of:I6 window:I4 spent:I6
--- texts: field entry
--- reply: outcome
local function backfill(keys, wall_now, business_now, as_of, window, spent, field, entry)
  local head = redis.call('HGET', keys[1], 'h')
  local counter = redis.call('HGET', keys[2], field)
  if not head or not counter or string.byte(counter) ~= 2 then return { 'already' } end
  local counted, since, waiting = struct.unpack('>I4dI6', counter, 2)
  if waiting ~= as_of then return { 'already' } end
  local version, last, hash = unpack_head(head)
  local business = business_now > last and business_now or last
  -- A window that has ended meanwhile is nobody's concern any more.
  if counted == window then since = since + spent end
  -- The last refusal is above; from here only writes.

  entry = entry .. struct.pack('>I6', business)
  local no, next_hash = journal(keys[3], entry, hash)
  redis.call('HSET', keys[1], 'h', pack_head(version, business, next_hash))
  redis.call('HSET', keys[2], field, struct.pack('>BI4d', 1, counted, since))
  return { 'done', int(no) }
end
