import { describe, expect, it } from '@jest/globals';
import { appendAnswerHeaders, appendRequestHeaders } from './header-rules.ts';

const requestHeaders = (headers: Record<string, string>): string[] => {
  const list: string[] = [];
  appendRequestHeaders(list, headers);
  return list;
};

const answerHeaders = (headers: Record<string, string | string[]>): string[] => {
  const list: string[] = [];
  appendAnswerHeaders(list, headers);
  return list;
};

describe('appendRequestHeaders', () => {
  it('passes on what services read', () => {
    expect(requestHeaders({ 'content-type': 'application/json', 'idempotency-key': 'k', 'x-shop-id': 's' })).toEqual([
      ...['content-type', 'application/json', 'idempotency-key', 'k', 'x-shop-id', 's'],
    ]);
  });

  it.each([
    'punchcard-caller',
    'punchcard-marks',
    'x-agent-key',
    'x-api-secret',
    'authorization',
    'cookie',
    'connection',
    'te',
    'transfer-encoding',
    'x-forwarded-for',
    'forwarded',
    'x-real-ip',
    'host',
  ])('keeps %s to itself', (name) => {
    expect(requestHeaders({ [name]: 'x' })).toEqual([]);
  });
});

describe('appendAnswerHeaders', () => {
  it('shows the caller what is about the answer', () => {
    expect(answerHeaders({ 'content-type': 'text/html', etag: '"1"', link: ['<a>', '<b>'] })).toEqual([
      ...['content-type', 'text/html', 'etag', '"1"', 'link', '<a>', 'link', '<b>'],
    ]);
  });

  it.each(['punchcard-mark', 'punchcard-anything', 'connection', 'keep-alive', 'set-cookie', 'x-powered-by', 'date'])(
    'drops %s',
    (name) => {
      expect(answerHeaders({ [name]: 'x' })).toEqual([]);
    },
  );
});
