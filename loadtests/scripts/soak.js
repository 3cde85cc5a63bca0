/** Even load for as long as is wanted. What leaks or fills up shows as the last third being slower than the first. */
import exec from 'k6/execution';
import { context } from './lib/context.js';
import { canaryFor, canaryThresholds, till, tillThresholds, waitThresholds } from './lib/till.js';

export { canary } from './lib/till.js';

const { vus, seconds } = context;

export const options = {
  scenarios: {
    tills: { executor: 'constant-vus', exec: 'work', vus, duration: `${seconds}s` },
    ...canaryFor(seconds),
  },
  thresholds: {
    ...tillThresholds,
    ...waitThresholds,
    'purchase_ms{third:1}': ['p(99)<1000'],
    'purchase_ms{third:2}': ['p(99)<1000'],
    'purchase_ms{third:3}': ['p(99)<1000'],
    ...canaryThresholds('p(99)<1000'),
  },
  summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max', 'count'],
};

export function work() {
  const passed = (Date.now() - exec.scenario.startTime) / 1_000;
  exec.vu.metrics.tags['third'] = String(Math.min(3, Math.floor((passed / seconds) * 3) + 1));
  till();
}
