/** Headers of a request that services read. All others stay here: credentials, hop-by-hop, forwarding and `punchcard-*`. */
const passedOn = [
  'accept',
  'accept-encoding',
  'accept-language',
  'content-type',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'user-agent',
  'x-shop-id',
] as const;

/** Headers of an answer that are about one connection, or that the gateway writes itself. */
const ownAnswerHeaders = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'date',
  'set-cookie',
  'x-powered-by',
  'x-request-id',
]);

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Appends what travels on to a flat list of names and values. */
export function appendRequestHeaders(list: string[], headers: Headers): void {
  for (const name of passedOn) {
    const value = headers[name];
    if (typeof value === 'string') list.push(name, value);
  }
}

/** Appends what of a service's answer is for the caller. */
export function appendAnswerHeaders(list: string[], headers: Headers): void {
  for (const name in headers) {
    if (ownAnswerHeaders.has(name) || name.startsWith('punchcard-')) continue;
    const value = headers[name];
    if (typeof value === 'string') list.push(name, value);
    else if (value) for (const item of value) list.push(name, item);
  }
}
