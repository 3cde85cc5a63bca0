import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@punchcard/local';
import { onMeasuredCore } from '../lib/cores.ts';
import { benchFolder } from '../lib/folders.ts';
import { findProgram } from '../lib/programs.ts';
import { answers, runProcess } from '../lib/run-process.ts';
import type { Peer } from './peer.ts';

/** Wants a key to be there and hands on: the standard build has no limits. */
export const caddy: Peer = {
  name: 'Caddy',
  job: 'key must be there, no limit',
  start: async ({ upstream }) => {
    const program = findProgram('caddy');
    if (typeof program === 'string') return program;
    const port = await freePort();
    const folder = benchFolder('run', 'caddy');
    const conf = `{
  admin off
  auto_https off
}
http://127.0.0.1:${port} {
  @unknown not header X-Agent-Key *
  respond @unknown 401
  reverse_proxy ${upstream.host}:${upstream.port} {
    transport http {
      keepalive_idle_conns_per_host 128
    }
  }
}
`;
    const file = join(folder, 'Caddyfile');
    writeFileSync(file, conf);
    const [command, args] = onMeasuredCore(program.command, ['run', '--config', file, '--adapter', 'caddyfile']);
    const env = { ...program.env, GOMAXPROCS: '1', HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
    const isReady = () => answers(`http://127.0.0.1:${port}/`, {}, () => true);
    const child = await runProcess({ name: 'caddy', command, args, env, isReady });
    return { ...child, url: `http://127.0.0.1:${port}` };
  },
};
