import { AppError, Miss, type DomainService, type Topic } from '@punchcard/contracts';
import type { Copies } from './copies.ts';

/**
 * For a service: runs what may miss a row of its copies. A miss changed nothing: once the copy has caught up with its topic the
 * same is run again, and only then is missing a refusal.
 * @throws AppError what the miss refuses with; SERVICE_UNAVAILABLE when the topic cannot be read in time
 */
export const createSurely =
  (service: DomainService) =>
  async <T>(run: () => Promise<T>, copies: Pick<Copies, 'caughtUp'>): Promise<T> => {
    const waitedFor = new Set<Topic>();
    for (;;) {
      try {
        return await run();
      } catch (error) {
        if (!(error instanceof Miss)) throw error;
        const topics = error.topics.filter((topic) => !waitedFor.has(topic));
        if (topics.length === 0) throw error.refusal;
        if (!(await copies.caughtUp(topics))) {
          throw new AppError('SERVICE_UNAVAILABLE', { details: { service }, retryAfter: 1, cause: error });
        }
        for (const topic of topics) waitedFor.add(topic);
      }
    }
  };
