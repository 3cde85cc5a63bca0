import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@punchcard/local';
import { onMeasuredCore } from '../lib/cores.ts';
import { benchFolder } from '../lib/folders.ts';
import { findProgram } from '../lib/programs.ts';
import { answers, runProcess } from '../lib/run-process.ts';
import type { Peer } from './peer.ts';

const common = (folder: string) => `
worker_processes 1;
daemon off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 4096; }`;

const places = (folder: string) => `
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  keepalive_requests 1000000000;`;

async function startNginx(name: string, port: number, { conf, isMeasured }: { conf: string; isMeasured: boolean }) {
  const program = findProgram('nginx');
  if (typeof program === 'string') return program;
  const folder = benchFolder('run', name);
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, conf);
  const args = ['-p', folder, '-c', file, '-e', join(folder, 'error.log')];
  const [command, rest] = isMeasured ? onMeasuredCore(program.command, args) : [program.command, args];
  const isReady = () => answers(`http://127.0.0.1:${port}/`, {}, () => true);
  const child = await runProcess({ name, command, args: rest, env: program.env, isReady });
  return { ...child, url: `http://127.0.0.1:${port}` };
}

/** Keys in a map, a limit by key that never fires, kept connections to the upstream. */
export const nginx: Peer = {
  name: 'nginx',
  job: 'key map, limit_req',
  start: async ({ upstream, keys }) => {
    const port = await freePort();
    const folder = benchFolder('run', 'nginx');
    const conf = `${common(folder)}
http {${places(folder)}
  map_hash_max_size 65536;
  map_hash_bucket_size 256;
  map $http_x_agent_key $is_known { default 0; ${keys.map((key) => `"${key}" 1;`).join(' ')} }
  limit_req_zone $http_x_agent_key zone=calls:10m rate=1000000r/s;
  upstream service { server ${upstream.host}:${upstream.port}; keepalive 128; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port};
    location / {
      if ($is_known = 0) { return 401; }
      limit_req zone=calls burst=100000 nodelay;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_pass http://service;
    }
  }
}
`;
    return startNginx('nginx', port, { conf, isMeasured: true });
  },
};

/** Answers everything with the same 500 bytes of JSON, beside what is measured. */
export async function startUpstream(body: string) {
  const port = await freePort();
  const folder = benchFolder('run', 'upstream');
  const conf = `${common(folder)}
http {${places(folder)}
  server {
    listen 127.0.0.1:${port};
    location / { default_type application/json; return 200 '${body}'; }
  }
}
`;
  const started = await startNginx('upstream', port, { conf, isMeasured: false });
  return typeof started === 'string' ? started : { ...started, host: '127.0.0.1', port };
}
