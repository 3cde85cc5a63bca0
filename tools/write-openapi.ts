import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openApiOf } from '@punchcard/contracts';

/** Writes the OpenAPI documents to a folder, for linters and client generators. Default: `.local/openapi`. */

const folder = resolve(process.argv[2] ?? '.local/openapi');
mkdirSync(folder, { recursive: true });
for (const api of ['agent', 'partner'] as const) {
  const file = join(folder, `${api}.json`);
  writeFileSync(file, JSON.stringify(openApiOf({ api, version: '0.1.0' }), null, 2));
  console.log(file);
}
