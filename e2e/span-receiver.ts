import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as tests look at it. */
export interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  /** OTLP: 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number;
  service: string;
}

interface Export {
  resourceSpans?: {
    resource: { attributes: { key: string; value: { stringValue?: string } }[] };
    scopeSpans: { spans: Omit<Span, 'service'>[] }[];
  }[];
}

const MAX_SPANS = 50_000;

/** An OTLP/HTTP collector that keeps what it gets: `POST /v1/traces`, and `GET /spans/<trace id>` for tests. */
export async function startSpanReceiver() {
  const spans: Span[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      response.setHeader('content-type', 'application/json');
      const [, wanted] = /^\/spans\/([0-9a-f]{32})$/.exec(request.url ?? '') ?? [];
      if (wanted) return response.end(JSON.stringify(spans.filter(({ traceId }) => traceId === wanted)));
      spans.push(...spansOf(JSON.parse(String(Buffer.concat(chunks))) as Export));
      if (spans.length > MAX_SPANS) spans.splice(0, spans.length - MAX_SPANS);
      return response.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, stop: () => new Promise((resolve) => server.close(resolve)) };
}

const spansOf = ({ resourceSpans = [] }: Export): Span[] =>
  resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
    return scopeSpans.flatMap((scope) => scope.spans.map((span) => ({ ...span, service })));
  });
