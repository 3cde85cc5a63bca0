-- Purchases, each with an Idempotency-Key of its own. Arguments: path, file, a word that begins the keys.
-- The file has lines "H<tab>header<tab>value<tab>card" (who buys from here on) and "M<tab>member".
dofile('summary.lua')

local headers, who, buys, count, word, path = {}, {}, {}, 0, '', ''

init = function(args)
  path, word = args[1], args[3]
  for line in io.lines(args[2]) do
    local kind, first, second, third = string.match(line, '^(%u)\t([^\t]*)\t?([^\t]*)\t?([^\t]*)$')
    if kind == 'H' then
      headers = { name = first, value = second, card = third }
      table.insert(who, headers)
    else
      headers[#headers + 1] = first
    end
  end
  math.randomseed(os.time() + string.len(word))
end

request = function()
  count = count + 1
  local buyer = who[count % #who + 1]
  local member = buyer[math.random(#buyer)]
  local body = string.format('{"card_id":"%s","member_identifier":"%s","purchase_amount":%d.%02d}',
    buyer.card, member, math.random(90), math.random(0, 99))
  return wrk.format('POST', path, {
    ['content-type'] = 'application/json', ['idempotency-key'] = word .. count, [buyer.name] = buyer.value }, body)
end
