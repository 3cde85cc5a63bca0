import { metrics } from '@punchcard/service-kit';
import { Counter, Gauge } from 'prom-client';
import type { LimiterEvent } from '../limits/local.ts';

const registers = [metrics];

/** Counters of this process; created once, however many gateways a test makes. */
export const refusals = new Counter({
  name: 'punchcard_gateway_refusals_total',
  help: 'Requests that the gateway itself refused, by endpoint and error code.',
  labelNames: ['endpoint', 'code'],
  registers,
});

const limiterEvents = new Counter({
  name: 'punchcard_gateway_limiter_events_total',
  help: 'How calls were admitted (leased, asked, alone), refusals, and losses of Redis.',
  labelNames: ['event'],
  registers,
});

const limiterSeries = new Map<LimiterEvent, { inc(): void }>();

/** Counts an event of the limiter. */
export function countLimiterEvent(event: LimiterEvent): void {
  let series = limiterSeries.get(event);
  if (!series) limiterSeries.set(event, (series = limiterEvents.labels({ event })));
  series.inc();
}

const gauge = new Gauge({
  name: 'punchcard_gateway_state',
  help: 'What the gateway holds at this moment, by name.',
  labelNames: ['name'],
  registers,
});

/** Reads a number at each scrape. */
export function showAtScrape(numbers: () => Readonly<Record<string, number>>): void {
  Object.assign(gauge, {
    collect: () => {
      for (const [name, value] of Object.entries(numbers())) gauge.set({ name }, value);
    },
  });
}
