-- The PIN of a request (rules: Order of the decision): how many tries have failed in a row, until a right one.
--
--   c:<chain>   t<card>   | 1 | failed tries 1 |      only where one has failed since the last right one
--
-- What declines a request whose PIN was looked at, and how many tries have failed by then; nil where that stays as it is.
-- The try that is one too many locks the PIN, and a locked one is not even compared.
local function try_pin(key, card, pin, refusal)
  local packed = redis.call('HGET', key, 't' .. int(card))
  local failed = 0
  if packed then
    local format
    format, failed = string.byte(packed, 1, 2)
    if format ~= 1 then error('tries: unknown format ' .. int(format)) end
  end
  if failed >= PIN_TRIES_MAX then return REFUSED_FOR_PIN_BLOCKED, nil end
  if pin == PIN_RIGHT then return refusal, packed and 0 end
  if failed + 1 == PIN_TRIES_MAX then return REFUSED_FOR_PIN_BLOCKED, failed + 1 end
  return refusal, failed + 1
end

local function keep_tries(key, card, failed)
  if failed == 0 then redis.call('HDEL', key, 't' .. int(card))
  else redis.call('HSET', key, 't' .. int(card), string.char(1, failed)) end
end
