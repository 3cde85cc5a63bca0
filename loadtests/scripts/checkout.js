/** Tills sell, redeem and look up, with think time; beside them a canary follows single purchases into analytics. */
import { context } from './lib/context.js';

export { canary, till } from './lib/till.js';

const { vus, seconds, hasPairs } = context;
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
    ...(hasPairs && { canary: { executor: 'constant-vus', exec: 'canary', vus: 1, duration: `${seconds}s` } }),
  },
  thresholds: {
    checks: ['rate==1'],
    failed: ['rate<0.001'],
    refused_by_limits: ['count==0'],
    sold: ['count>0'],
    purchase_ms: ['p(99)<1000'],
    read_ms: ['p(99)<1000'],
    ...(hasPairs && { followed_into_analytics: ['count>0'], seen_in_analytics_ms: ['p(99)<1000'] }),
  },
  summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max', 'count'],
};
