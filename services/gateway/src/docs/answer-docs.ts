import { answerWith } from '../requests/answer.ts';
import type { Exchange } from '../requests/exchange.ts';
import type { OwnAnswer } from '../requests/gateway.ts';
import { createAssets, type Asset, type AssetName } from './assets.ts';

/** Nothing but what this host serves; styles are also set by the page's script, on elements. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const protection = [
  ...['Content-Security-Policy', policy],
  ...['X-Content-Type-Options', 'nosniff', 'Referrer-Policy', 'no-referrer'],
];
/** Long enough for a visit; a new release is seen soon. */
const caching = ['Cache-Control', 'public, max-age=300', 'Vary', 'Accept-Encoding'];

/** `GET /api/agent/docs` with the parts of its page, and `GET /api/agent/docs.json`. */
export function createAnswerDocs(): { docs: OwnAnswer; docsJson: OwnAnswer } {
  const assetOf = createAssets();
  return {
    docs: async (exchange, query) => {
      const { asset = 'page' } = query as { asset?: AssetName };
      send(exchange, await assetOf(asset));
    },
    docsJson: async (exchange, query) => {
      const { api } = query as { api: 'agent' | 'partner' };
      send(exchange, await assetOf(`${api}.json`));
    },
  };
}

function send(exchange: Exchange, { type, etag, whole, packed }: Asset): void {
  const { headers } = exchange.request;
  const about = ['Content-Type', type, 'ETag', etag, ...caching, ...protection];
  if (headers['if-none-match']?.includes(etag)) {
    return answerWith(exchange, { status: 304, headers: about, content: '' });
  }
  const isPacked = /\bgzip\b/.test(String(headers['accept-encoding'] ?? ''));
  answerWith(exchange, {
    status: 200,
    headers: isPacked ? [...about, 'Content-Encoding', 'gzip'] : about,
    content: isPacked ? packed : whole,
  });
}
