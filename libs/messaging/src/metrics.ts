import { Counter, Gauge, Histogram } from 'prom-client';

export const outboxUnsent = new Gauge({
  name: 'punchcard_outbox_unsent_rows',
  help: 'Outbox rows that are not on their topic yet (counted up to 100,000), told by the active relay.',
  labelNames: ['source'],
});

export const outboxAge = new Gauge({
  name: 'punchcard_outbox_oldest_seconds',
  help: 'Age of the oldest unsent outbox row.',
  labelNames: ['source'],
});

export const relayActive = new Gauge({
  name: 'punchcard_relay_active',
  help: '1 in the instance whose relay sends.',
  labelNames: ['source'],
});

export const relaySent = new Counter({
  name: 'punchcard_relay_sent_total',
  help: 'Events acknowledged by the broker.',
  labelNames: ['source', 'topic'],
});

export const relayFailures = new Counter({
  name: 'punchcard_relay_failures_total',
  help: 'Rounds of the relay that failed and are repeated.',
  labelNames: ['source', 'part'],
});

export const eventsConsumed = new Counter({
  name: 'punchcard_events_consumed_total',
  help: 'Events by what became of them: applied, duplicate, skipped (not subscribed), dead (dead-letter topic).',
  labelNames: ['group', 'topic', 'outcome'],
});

export const consumeDelay = new Histogram({
  name: 'punchcard_event_delay_seconds',
  help: 'From the time of an event until its effect was committed.',
  labelNames: ['group', 'topic'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60, 600],
});

export const consumerLag = new Gauge({
  name: 'punchcard_consumer_lag_events',
  help: 'Events on the topic whose effect is not committed, in the partitions of this instance.',
  labelNames: ['group', 'topic'],
});

export const consumerRestarts = new Counter({
  name: 'punchcard_consumer_restarts_total',
  help: 'Times that a consumer was made anew after it stopped.',
  labelNames: ['group'],
});

export const consumerRetries = new Counter({
  name: 'punchcard_consumer_retries_total',
  help: 'Transactions that failed and were tried again, by kind of failure.',
  labelNames: ['group', 'kind'],
});
