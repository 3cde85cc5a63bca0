import { describe, expect, it } from '@jest/globals';
import { AppError } from '@punchcard/contracts';
import { createLog } from '@punchcard/service-kit';
import { joinPageHandlers } from './routes.ts';

type Visit = Parameters<ReturnType<typeof joinPageHandlers>['agent.join.page']>[0];

const lost = new Error('CONNECTION_CLOSED');

const visit = (error: unknown, language: string | null) => {
  const { 'agent.join.page': handle } = joinPageHandlers({
    findPartner: () => Promise.reject(error as Error),
    isUnavailable: (thrown) => thrown === lost,
    log: createLog('test', { level: 'silent' }),
  });
  return handle({ params: { partner_slug: 'bean-and-bloom' }, query: {}, language } as unknown as Visit);
};

describe('GET /join/{slug}', () => {
  it.each([
    ['a copy that is behind', new AppError('SERVICE_UNAVAILABLE')],
    ['a lost connection', lost],
  ])('is a page in the language of the browser while %s leaves open whose slug it is', async (_, error) => {
    const answer = await visit(error, 'de');

    expect(answer).toMatchObject({
      status: 503,
      headers: { 'content-language': 'de', 'retry-after': '1', 'cache-control': 'no-cache' },
      data: expect.stringContaining('Öffnen Sie sie in einer Minute noch einmal.'),
    });
  });

  it('hides no other failure behind that page', async () => {
    const bug = new TypeError('a bug');

    await expect(visit(bug, null)).rejects.toBe(bug);
  });
});
