import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signCaller } from '../src/index.ts';
import { callerSecrets, givenCaller, givenServer } from './given.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const PATH = '/api/agent/v1/partner/pings/17';
const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';

interface ExportedSpan {
  scope: string;
  service: string;
  name: string;
  kind: number;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
}

interface Export {
  resourceSpans: {
    resource: { attributes: { key: string; value: { stringValue?: string } }[] };
    scopeSpans: { scope: { name: string }; spans: Omit<ExportedSpan, 'scope' | 'service'>[] }[];
  }[];
}

const spansOf = (exports: unknown[]): ExportedSpan[] =>
  (exports as Export[]).flatMap(({ resourceSpans }) =>
    resourceSpans.flatMap(({ resource, scopeSpans }) =>
      scopeSpans.flatMap(({ scope, spans }) =>
        spans.map((span) => ({
          ...span,
          scope: scope.name.replace('@opentelemetry/instrumentation-', ''),
          service: resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '',
        })),
      ),
    ),
  );

let receiver: Awaited<ReturnType<typeof givenServer>>;
const children: ChildProcess[] = [];

/** Starts the service with the preload, and gives its port and its log. */
async function start(extra: Record<string, string>) {
  const child = spawn(
    process.execPath,
    ['--import', '@punchcard/service-kit/telemetry', 'libs/service-kit/test/traced-service.ts'],
    {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PATH: process.env['PATH'],
        TEST_REDIS_URL: process.env['TEST_REDIS_URL'],
        CALLER_SECRETS: callerSecrets.map(({ kid, secret }) => `${kid}:${secret}`).join(),
        ...extra,
      },
    },
  );
  children.push(child);
  const lines: Record<string, unknown>[] = [];
  const port = await new Promise<number>((listening, failed) => {
    child.once('exit', (code) => failed(new Error(`The service ended with ${code}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(JSON.parse(line) as Record<string, unknown>);
      if (lines.at(-1)?.['msg'] === 'listening') listening(Number(lines.at(-1)?.['port']));
    });
  });
  const stop = async () => {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    return (await ended)[0] as number | null;
  };
  return { port, lines, stop };
}

const ping = (port: number, headers: Record<string, string> = {}, query = '') =>
  fetch(`http://127.0.0.1:${port}${PATH}${query}`, {
    method: 'POST',
    headers: {
      'punchcard-caller': signCaller(givenCaller(), { audience: 'ledger', method: 'POST', path: PATH }, callerSecrets),
      ...headers,
    },
  });

beforeAll(async () => {
  receiver = await givenServer(() => ({ status: 200, body: {} }));
});
afterAll(async () => {
  for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
  await receiver.close();
});

describe('the telemetry preload', () => {
  it('gives spans of http, undici, express and ioredis in one trace with the caller, and names them in the log', async () => {
    const { port, lines, stop } = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
    const answer = await ping(port, { traceparent: `00-${TRACE_ID}-b7ad6b7169203331-01` });
    expect([answer.status, await answer.json()]).toEqual([200, { error: false, data: { pong: 'PONG' } }]);

    const code = await stop();

    expect(code).toBe(0);
    const spans = spansOf(receiver.bodies).filter(({ traceId }) => traceId === TRACE_ID);
    expect(new Set(spans.map(({ scope }) => scope))).toEqual(new Set(['http', 'undici', 'express', 'ioredis']));
    const server = spans.find(({ parentSpanId }) => parentSpanId === 'b7ad6b7169203331');
    expect(server).toMatchObject({
      scope: 'http',
      name: 'POST /api/agent/v1/partner/pings/{id}',
      service: 'punchcard',
    });
    expect(spans.find(({ scope }) => scope === 'ioredis')?.parentSpanId).toBe(server?.spanId);
    expect(lines.find(({ msg }) => msg === 'in the middle')).toMatchObject({ level: 'warn', trace_id: TRACE_ID });
  });

  it('samples nothing of its own at a ratio of 0, and what a caller has sampled all the same', async () => {
    const before = receiver.bodies.length;
    const { port, stop } = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_TRACES_SAMPLER_ARG: '0' });
    const sampled = '1'.repeat(32);
    expect((await ping(port)).status).toBe(200);
    expect((await ping(port, { traceparent: `00-${sampled}-b7ad6b7169203331-01` })).status).toBe(200);

    await stop();

    const spans = spansOf(receiver.bodies.slice(before)).filter(({ scope }) => scope === 'http');
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([sampled]));
  });

  it('tells no query, asked or asking: it may name a person, or hold a key by mistake', async () => {
    const before = receiver.bodies.length;
    const { port, stop } = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
    expect((await ping(port)).status).toBe(200);
    expect((await ping(port, {}, '?search=ann%40example.com')).status).toBe(422);

    await stop();

    const exported = JSON.stringify(receiver.bodies.slice(before));
    expect(exported).toContain(`http://127.0.0.1:${port}/nothing`);
    expect(exported).toContain(PATH);
    expect(exported).not.toContain('example.com');
  });

  it('does nothing without an endpoint', async () => {
    const before = receiver.bodies.length;
    const { port, lines, stop } = await start({});
    expect((await ping(port)).status).toBe(200);

    expect(await stop()).toBe(0);

    expect(receiver.bodies).toHaveLength(before);
    expect(lines.find(({ msg }) => msg === 'in the middle')).not.toHaveProperty('trace_id');
  });
});
