import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@punchcard/local';
import { onMeasuredCore } from '../lib/cores.ts';
import { benchFolder } from '../lib/folders.ts';
import { findProgram } from '../lib/programs.ts';
import { answers, runProcess } from '../lib/run-process.ts';
import type { Peer } from './peer.ts';

/** Keys in a list, a rate by key in a stick table, kept connections to the upstream. */
export const haproxy: Peer = {
  name: 'haproxy',
  job: 'key list, stick table',
  start: async ({ upstream, keys }) => {
    const program = findProgram('haproxy');
    if (typeof program === 'string') return program;
    const port = await freePort();
    const folder = benchFolder('run', 'haproxy');
    writeFileSync(join(folder, 'keys'), `${keys.join('\n')}\n`);
    const conf = `
global
  nbthread 1
  maxconn 4096
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  http-reuse always
frontend calls
  bind 127.0.0.1:${port}
  stick-table type string len 80 size 100k expire 1m store http_req_rate(60s)
  http-request deny deny_status 401 unless { req.hdr(x-agent-key) -f ${folder}/keys }
  http-request track-sc0 req.hdr(x-agent-key)
  http-request deny deny_status 429 if { sc_http_req_rate(0) gt 1000000000 }
  default_backend service
backend service
  server one ${upstream.host}:${upstream.port}
`;
    const file = join(folder, 'haproxy.cfg');
    writeFileSync(file, conf);
    const [command, args] = onMeasuredCore(program.command, ['-db', '-f', file]);
    const isReady = () => answers(`http://127.0.0.1:${port}/`, {}, () => true);
    const child = await runProcess({ name: 'haproxy', command, args, env: program.env, isReady });
    return { ...child, url: `http://127.0.0.1:${port}` };
  },
};
