-- GETs of one path in turn with each line of a file as headers ("name: value", several with tabs between).
-- Arguments: path, file.
dofile('summary.lua')

local requests, at = {}, 0

init = function(args)
  for line in io.lines(args[2]) do
    local headers = {}
    for name, value in string.gmatch(line, '([^:\t]+): ([^\t]+)') do headers[name] = value end
    table.insert(requests, wrk.format('GET', args[1], headers))
  end
end

request = function()
  at = at % #requests + 1
  return requests[at]
end
