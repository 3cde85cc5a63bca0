/** Tills sell, stamp, redeem and look up, with think time; beside them a canary follows single purchases into analytics. */
import { context } from './lib/context.js';
import { canaryFor, canaryThresholds, tillThresholds, waitThresholds } from './lib/till.js';

export { canary, till } from './lib/till.js';

const { vus, seconds } = context;
const rampSeconds = Math.min(10, Math.ceil(seconds / 6));

export const options = {
  scenarios: {
    tills: {
      executor: 'ramping-vus',
      exec: 'till',
      stages: [
        { target: vus, duration: `${rampSeconds}s` },
        { target: vus, duration: `${seconds - rampSeconds}s` },
      ],
      gracefulRampDown: '30s',
    },
    ...canaryFor(seconds),
  },
  thresholds: {
    ...tillThresholds,
    ...waitThresholds,
    ...canaryThresholds('p(99)<1000'),
  },
  summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max', 'count'],
};
