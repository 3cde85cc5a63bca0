import type { Work } from '../progress.ts';
import type { StackFacts } from './environment.ts';

/** Makes the topics that are missing. */
export const makeTopics = (facts: () => StackFacts): Work => ({
  title: 'Topics',
  run: async () => {
    // Loaded when it is used: whoever only starts parts (every integration test) does not wait for it.
    const { createKafka, ensureTopics } = await import('@punchcard/messaging');
    const { kafkaBrokers, prefix } = facts();
    const kafka = createKafka({ brokers: kafkaBrokers, clientId: 'punchcard-local', topicPrefix: prefix });
    await ensureTopics(kafka);
  },
});
