-- What each script ends with: one line that benchmarks/lib/wrk.ts reads.
done = function(summary, latency)
  local errors = summary.errors
  print(string.format('SUMMARY {"perSecond":%.3f,"p50":%.3f,"p99":%.3f,"refused":%d,"broken":%d}',
    summary.requests * 1000000 / summary.duration, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
