import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { readBody } from '@punchcard/service-kit';
import { answerWith } from '../requests/answer.ts';
import type { Exchange } from '../requests/exchange.ts';
import type { OwnAnswer } from '../requests/gateway.ts';
import { createMcpServer, type McpOptions } from './mcp-server.ts';

/** `POST /api/agent/v1/mcp`: streamable HTTP without sessions and without streams; each request is answered whole, as JSON. */
export const createAnswerMcp =
  (options: McpOptions): OwnAnswer =>
  async (exchange) => {
    const { request, response, route } = exchange;
    if (exchange.isContinueExpected) {
      exchange.isContinueExpected = false;
      response.writeContinue();
    }
    const bytes = await readBody(request, route!.maxBodyBytes);
    const leaving = new AbortController();
    exchange.abort = () => leaving.abort();
    const server = createMcpServer(options, exchange, leaving.signal);
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
    try {
      await server.connect(transport);
      const answer = await transport.handleRequest(asWebRequest(exchange, bytes));
      const content = await answer.text();
      const type = answer.headers.get('content-type');
      answerWith(exchange, { status: answer.status, headers: type === null ? [] : ['content-type', type], content });
    } finally {
      await server.close();
    }
  };

function asWebRequest({ request: { headers }, path }: Exchange, bytes: Buffer): Request {
  const version = headers['mcp-protocol-version'];
  return new Request(`http://gateway${path}`, {
    method: 'POST',
    headers: {
      // We answer JSON whatever is asked for, and the media type was checked.
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      ...(typeof version === 'string' && { 'mcp-protocol-version': version }),
    },
    body: new Uint8Array(bytes),
  });
}
