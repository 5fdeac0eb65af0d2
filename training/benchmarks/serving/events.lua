-- Deliveries of events for wrk: `wrk … -s events.lua ADDRESS -- KEY EVENTS_A_DELIVERY STUDENTS SKILLS`.
-- Prints how many deliveries were answered 200, which is how many were acknowledged whole.
local threads = {}
local number = 0

function setup(thread)
  number = number + 1
  thread:set("number", number)
  table.insert(threads, thread)
end

function init(args)
  headers = {["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. args[1]}
  size, students, skills = tonumber(args[2]), tonumber(args[3]), tonumber(args[4])
  sent, kept, other = 0, 0, 0
  math.randomseed(number)
end

function request()
  sent = sent + 1
  local events = {}
  for place = 1, size do
    events[place] = string.format(
      '{"id":"w%d-%d-%d","student":"s%06d","item":"i%d","correct":%d,"occurred_at":"2026-09-01T08:30:00Z"}',
      number, sent, place, math.random(0, students - 1), math.random(0, skills - 1), math.random(0, 1))
  end
  return wrk.format("POST", "/v1/events", headers, '{"events":[' .. table.concat(events, ",") .. ']}')
end

function response(status)
  if status == 200 then kept = kept + 1 else other = other + 1 end
end

function done(summary, latency)
  local all, wrong = 0, 0
  for _, thread in ipairs(threads) do
    all, wrong = all + thread:get("kept"), wrong + thread:get("other")
  end
  io.write(string.format(
    'RESULT {"kept": %d, "other": %d, "seconds": %.3f, "p50_ms": %.2f, "p99_ms": %.2f}\n',
    all, wrong, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
