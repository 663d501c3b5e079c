-- A number that crosses as text is digits and nothing else: tonumber would take 0x10, 1e3 and nan. With more than
-- fifteen of them it need not be the number that was meant.
local function digits(text)
  local figures = string.match(text, '^%-?(%d+)$')
  if not figures or #figures > 15 then error('not digits') end
  return tonumber(text)
end

-- The steps of a commit, from their run of texts. An unknown word, a step that is cut short and a place that holds no
-- key stop the call before anything is written.
local words = { expect = 3, set = 3, del = 2, counter = 3, move = 1 }
local function plan_of(steps, keys)
  local plan, i = {}, 1
  while i <= #steps do
    local kind = steps[i]
    local count = words[kind]
    if not count then error('commit: unknown step') end
    if i + count > #steps then error('commit: step cut short') end
    local step = { kind = kind }
    if kind == 'move' then
      step.value = steps[i + 1]
    else
      step.key, step.field, step.value = digits(steps[i + 1]), steps[i + 2], steps[i + 3]
      if not keys[step.key] then error('commit: no such key') end
    end
    plan[#plan + 1] = step
    i = i + count + 1
  end
  return plan
end
