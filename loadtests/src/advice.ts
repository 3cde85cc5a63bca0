const late =
  'Answers come late. punchcard_request_duration_seconds by endpoint says at which service; there punchcard_ledger_lane_wait_seconds ' +
  '(punchcard_vouchers_lane_wait_seconds), CPU and PostgreSQL say why. On one machine k6 takes its share: fewer --vus.';
const counted =
  'Analytics are behind: punchcard_consumer_lag_events and punchcard_consumer_retries_total of analytics, ' +
  'punchcard_outbox_unsent_rows of the ledger, then Kafka.';
const brokeOff =
  'A script broke off: what it met stands above, or with its place in the terminal. What it had not done was not tested.';
const lost =
  'Less is there than tills were told. Treat it as data loss: run again with --keep so that the partners stay, look for the references ' +
  'named above in the logs of ledger and vouchers, and look at what restarted meanwhile.';
const notFound =
  'Not all that tills were told was found: what is surely not there counts as `missing`. Where a script broke off it was not looked for.';
const broken = 'Answers were wrong, not late. What was not always true is named below; the partners stay with --keep.';
const quota =
  'The quota is not what the plan says. Do all gateways share one Redis, and was it up all the time ' +
  '(punchcard_gateway_limiter_events_total)?';
const batches = 'Batches of codes are late or incomplete: the jobs of vouchers, and the log of that service.';
const slots =
  "Slots do not come back in time: punchcard_gateway_limiter_events_total, and the gateways' reach of Redis.";

const advice: Record<string, string> = {
  ...{ purchase_ms: late, redeem_ms: late, stamps_ms: late, voucher_ms: late, read_ms: late },
  ...{ seen_in_analytics_ms: counted, analytics_settled_ms: counted, followed_into_analytics: counted },
  voucher_points_booked_ms:
    'Points of vouchers are late: punchcard_outbox_unsent_rows of vouchers, punchcard_consumer_lag_events of the ledger, and what it ' +
    'refused for good (npm run punchcard -- awards list).',
  failed:
    "Calls were not answered as they should be. Each is in pushed.log (grep -v '^{'), with the request_id under which services logged it.",
  told_to_come_back:
    'Too often tills were told to come back (503): each was sold to at last, but waited. pushed.log names the services ' +
    "(grep 'told to come back'); their logs say what they waited for, mostly copies (punchcard_consumer_lag_events).",
  refused_by_limits:
    'A limit refused tills, so this was no test of the platform: does the gateway trust this address (GATEWAY_TRUSTED_PROXIES)? Was another ' +
    'load on the same partners?',
  sold: 'Nothing was sold: pushed.log says what was answered instead.',
  checks: broken,
  missing: lost,
  twice:
    'Something is there twice, though it was sent again with the same Idempotency-Key. Stop the roll-out; the references are named above, ' +
    'and npm run punchcard -- ledger verify proves the books.',
  not_pushed_by_us:
    'There is what no till of this run was told: was another load on the same partners? Else treat it like something that is there twice.',
  wrong_points:
    'Points differ from what the till was told. npm run punchcard -- ledger verify, and the references named above.',
  ...{ partners_verified: brokeOff, cases_finished: brokeOff, counted_down: brokeOff },
  dropped_iterations:
    'k6 had no caller free for what was to be offered: answers were too slow, or --vus is too low for this --rate.',
  ...{ admitted: quota, refused: quota, remaining_falls: quota, headers_right: quota },
  unclear:
    'Calls got no answer, or 5xx, so nobody can say whether they counted. Look at the gateway first; then run it again.',
  refusals_right: 'Refusals were not what the contract says; the first are named above.',
  refusal_ms: 'Refusals were not at once: CPU of the gateway, and its way to Redis.',
  ...{ slots_back_ms: slots, slots_back_after_kill_ms: slots },
  ...{ batches_made: batches, batch_answered_ms: batches, batch_completed_ms: batches },
};

/** What to do about a threshold that was missed, by its metric (`purchase_ms{third:2}`). */
export function adviceOn(metric: string): string | null {
  const name = metric.replace(/\{.*$/, '');
  return advice[name] ?? (name.endsWith('_found') ? notFound : null);
}
