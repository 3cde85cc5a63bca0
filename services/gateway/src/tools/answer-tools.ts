import type { Answer, listTools, ToolFormat } from '@punchcard/contracts';
import { answerJson } from '../requests/answer.ts';
import type { OwnAnswer } from '../requests/gateway.ts';
import type { ToolsOfKey } from './tools-of-key.ts';

/** `GET /api/agent/v1/tools`: what this key may call, for an AI agent. */
export const createAnswerTools =
  (toolsOfKey: ToolsOfKey): OwnAnswer =>
  (exchange, query) => {
    const { format } = query as { format: ToolFormat };
    const { record } = exchange.known!;
    const { tools, isKept } = toolsOfKey.list(record, format);
    const body: Answer<typeof listTools> = {
      error: false,
      tools,
      meta: { role: record.role, format, tool_count: tools.length, cached: isKept },
    };
    answerJson(exchange, body);
  };
