import { collectDefaultMetrics, Histogram, register } from 'prom-client';

/** What this process counts; served at `/metrics`. The registry of prom-client itself, so that libs count without knowing of us. */
export const metrics = register;

collectDefaultMetrics();

/** From a memory look-up to the time-out of the gateway. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

const requests = new Histogram({
  name: 'punchcard_request_duration_seconds',
  help: 'Time from the head of a request to its answer being written, by endpoint and status.',
  labelNames: ['endpoint', 'status'],
  buckets: SECONDS,
});

/** One function an endpoint: finding a series by its labels anew costs more than counting. */
export function timerOf(endpoint: string): (status: number, startedAt: number) => void {
  const series = new Map<number, ReturnType<typeof requests.labels>>();
  return (status, startedAt) => {
    let one = series.get(status);
    if (!one) series.set(status, (one = requests.labels({ endpoint, status: String(status) })));
    one.observe((performance.now() - startedAt) / 1_000);
  };
}
