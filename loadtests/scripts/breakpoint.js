/** Purchases at one rate after the other; the runner reads the results of each step and says where the p99 breaks. */
import { context } from './lib/context.js';

export { sellOnly } from './lib/till.js';

const { steps, stepSeconds, warmUpSeconds, warmUpRate, vus, breakMs } = context;

const scenarioOf = (rate, { from, lasts }) => ({
  executor: 'constant-arrival-rate',
  exec: 'sellOnly',
  rate,
  timeUnit: '1s',
  startTime: `${from}s`,
  duration: `${lasts}s`,
  gracefulStop: '5s',
  // All from the start: making more in the middle of a step would cost calls that are then not offered.
  preAllocatedVUs: vus,
});

/**
 * Far past the knee there is nothing to learn. Not the p99, which a single stall moves while there are few calls: k6 looks at it from
 * the first second of each step.
 */
const abort = { threshold: `p(90)<${4 * breakMs}`, abortOnFail: true };

export const options = {
  scenarios: {
    warm_up: scenarioOf(warmUpRate, { from: 0, lasts: warmUpSeconds }),
    ...Object.fromEntries(
      steps.map((rate, index) => {
        const from = warmUpSeconds + index * stepSeconds;
        return [`step_${rate}`, scenarioOf(rate, { from, lasts: stepSeconds })];
      }),
    ),
  },
  thresholds: {
    checks: ['rate==1'],
    ...Object.fromEntries(
      steps.flatMap((rate) => [
        [`purchase_ms{scenario:step_${rate}}`, [abort]],
        [`sold{scenario:step_${rate}}`, ['count>=0']],
        [`dropped_iterations{scenario:step_${rate}}`, ['count>=0']],
        [`failed{scenario:step_${rate}}`, ['rate<=1']],
      ]),
    ),
  },
  summaryTrendStats: ['med', 'p(90)', 'p(95)', 'p(99)', 'max', 'count'],
};
