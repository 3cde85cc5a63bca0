import { pino, type Logger } from 'pino';
import { activeTraceId } from './caller-context.ts';
import { logLevel } from './config.ts';

export type Log = Logger;

/** Names under which a secret might be handed to a log by mistake. */
const SECRET_NAMES = ['key', 'api_key', 'secret', 'api_secret', 'password', 'token', 'authorization', 'pepper'];
const MAX_CAUSES = 5;

/** JSON lines on the standard output, with the trace they belong to. `level` defaults to `LOG_LEVEL`, then info. */
export function createLog(name: string, { level = logLevel() }: { level?: string } = {}): Log {
  return pino({
    name,
    level,
    base: { pid: process.pid },
    formatters: { level: (label) => ({ level: label }) },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    redact: { paths: SECRET_NAMES.flatMap((secret) => [secret, `*.${secret}`]), censor: '(not shown)' },
    serializers: { err: errorForLog, error: errorForLog },
    mixin: () => {
      const traceId = activeTraceId();
      return traceId === undefined ? {} : { trace_id: traceId };
    },
  });
}

/**
 * What a log tells of an error. An allow-list: drivers hang the values of a row on theirs (`detail` of PostgreSQL names the e-mail
 * that was taken), and those are nobody's to read here.
 */
export function errorForLog(thrown: unknown, depth = 0): unknown {
  if (!(thrown instanceof Error)) return { message: String(thrown) };
  const { name, message, stack, cause } = thrown;
  const extra = thrown as { code?: unknown; constraint_name?: unknown; table_name?: unknown };
  return {
    type: name,
    message,
    ...(extra.code === undefined ? {} : { code: extra.code }),
    ...(extra.constraint_name === undefined ? {} : { constraint: extra.constraint_name, table: extra.table_name }),
    stack,
    ...(cause === undefined || depth >= MAX_CAUSES ? {} : { cause: errorForLog(cause, depth + 1) }),
  };
}
