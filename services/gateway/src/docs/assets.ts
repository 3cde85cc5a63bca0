import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { openApiOf } from '@punchcard/contracts';
import { version } from '../health/version.ts';
import { page, pageStyle, startScript } from './page.ts';

/** A file of the docs, as it is sent. */
export interface Asset {
  type: string;
  etag: string;
  whole: Buffer;
  /** Gzipped: the documents and the script are a tenth and a third of their size. */
  packed: Buffer;
}

const require = createRequire(import.meta.url);
const fromSwaggerUi = (name: string) => () => readFileSync(require.resolve(`swagger-ui-dist/${name}`));
const openApi = (api: 'agent' | 'partner') => () => JSON.stringify(openApiOf({ api, version }));

const sources = {
  page: ['text/html; charset=utf-8', () => page],
  'page.css': ['text/css; charset=utf-8', () => pageStyle],
  'start.js': ['text/javascript; charset=utf-8', () => startScript],
  'swagger-ui.js': ['text/javascript; charset=utf-8', fromSwaggerUi('swagger-ui-bundle.js')],
  'swagger-ui.css': ['text/css; charset=utf-8', fromSwaggerUi('swagger-ui.css')],
  'agent.json': ['application/json; charset=utf-8', openApi('agent')],
  'partner.json': ['application/json; charset=utf-8', openApi('partner')],
} as const satisfies Record<string, readonly [type: string, read: () => string | Buffer]>;

export type AssetName = keyof typeof sources;

/** Makes each file when it is first asked for, and keeps it. */
export function createAssets(): (name: AssetName) => Promise<Asset> {
  const kept = new Map<AssetName, Promise<Asset>>();
  return (name) => {
    const asset = kept.get(name) ?? make(name);
    kept.set(name, asset);
    return asset;
  };
}

async function make(name: AssetName): Promise<Asset> {
  const [type, read] = sources[name];
  const whole = Buffer.from(read());
  // Weak: it is the same file packed or not.
  const etag = `W/"${createHash('sha256').update(whole).digest('base64url').slice(0, 27)}"`;
  return { type, etag, whole, packed: await promisify(gzip)(whole) };
}
