/** Load for a tenth of the peak, then the peak at once, then a tenth again: nothing may fail, and afterwards all is as before. */
import { context } from './lib/context.js';
import { canaryFor, canaryThresholds, tillThresholds } from './lib/till.js';

export { canary, till } from './lib/till.js';

const { rate, vus, seconds } = context;
const part = Math.max(5, Math.floor(seconds / 4));
const low = Math.max(1, Math.round(rate / 10));

const phase = (its, { from, lasts }) => ({
  executor: 'constant-arrival-rate',
  exec: 'till',
  rate: its,
  timeUnit: '1s',
  startTime: `${from}s`,
  duration: `${lasts}s`,
  preAllocatedVUs: its === rate ? vus : Math.max(5, Math.ceil(vus / 4)),
});

export const options = {
  scenarios: {
    before: phase(low, { from: 0, lasts: part }),
    spike: phase(rate, { from: part, lasts: part }),
    // What queued up in the spike may still be leaving.
    settling: phase(low, { from: 2 * part, lasts: 5 }),
    after: phase(low, { from: 2 * part + 5, lasts: 2 * part - 5 }),
    ...canaryFor(4 * part),
  },
  thresholds: {
    ...tillThresholds,
    dropped_iterations: ['count==0'],
    'purchase_ms{scenario:before}': ['p(99)<500'],
    'purchase_ms{scenario:spike}': ['p(99)<2000'],
    'purchase_ms{scenario:settling}': ['p(99)<5000'],
    'purchase_ms{scenario:after}': ['p(99)<500'],
    ...canaryThresholds('p(95)<5000'),
  },
  summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max', 'count'],
};
