import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@punchcard/local';
import { onMeasuredCore } from '../lib/cores.ts';
import { benchFolder } from '../lib/folders.ts';
import { answers, runProcess } from '../lib/run-process.ts';
import type { Peer } from './peer.ts';

const version = '1.16.11';

/** The same job on Express 4: keys, a limit by key in Redis, the proxy. Its own key takes the place of ours. */
export const expressGateway = (redisUrl: string): Peer & { authorization(): string } => {
  let authorization = '';
  return {
    name: 'express-gateway',
    job: 'keys and limit in Redis',
    authorization: () => authorization,
    start: async ({ upstream }) => {
      const folder = benchFolder('peers', 'express-gateway');
      const main = join(folder, 'node_modules', 'express-gateway', 'lib', 'index.js');
      const problem = existsSync(main) ? null : install(folder);
      if (problem) return problem;
      const [port, adminPort] = [await freePort(), await freePort()];
      const run = benchFolder('run', 'express-gateway');
      cpSync(join(main, '..', 'config', 'models'), join(run, 'models'), { recursive: true });
      writeFileSync(join(run, 'gateway.config.yml'), gatewayConfig({ port, adminPort, upstream }));
      writeFileSync(join(run, 'system.config.yml'), systemConfig(new URL(redisUrl)));
      const [command, args] = onMeasuredCore(process.execPath, [main]);
      const child = await runProcess({
        ...{ name: 'express-gateway', command, args, cwd: folder },
        env: { ...process.env, EG_CONFIG_DIR: run, EG_DISABLE_CONFIG_WATCH: 'true', LOG_LEVEL: 'error' },
        isReady: () => answers(`http://127.0.0.1:${adminPort}/users`),
      });
      authorization = await makeKey(`http://127.0.0.1:${adminPort}`);
      return { ...child, url: `http://127.0.0.1:${port}` };
    },
  };
};

function install(folder: string): string | null {
  try {
    process.stderr.write('  installing express-gateway from npm (some two minutes, once)\n');
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
    const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', `express-gateway@${version}`];
    execFileSync('npm', args, { cwd: folder, stdio: 'ignore', timeout: 600_000 });
    return null;
  } catch {
    return 'express-gateway could not be installed from npm';
  }
}

const gatewayConfig = (at: { port: number; adminPort: number; upstream: { host: string; port: number } }) => `
http:
  port: ${at.port}
  hostname: 127.0.0.1
admin:
  port: ${at.adminPort}
  host: 127.0.0.1
apiEndpoints:
  all:
    host: '*'
serviceEndpoints:
  service:
    url: 'http://${at.upstream.host}:${at.upstream.port}'
policies: [key-auth, rate-limit, proxy]
pipelines:
  default:
    apiEndpoints: [all]
    policies:
      - key-auth:
      - rate-limit:
          - action:
              max: 1000000000
              windowMs: 3600000
              delayAfter: 0
              delayMs: 0
              rateLimitBy: '\${consumer.username}'
      - proxy:
          - action:
              serviceEndpoint: service
`;

const systemConfig = ({ hostname, port }: URL) => `
db:
  redis:
    host: ${hostname}
    port: ${port}
    namespace: benchmark
crypto:
  cipherKey: sensitiveKey
  algorithm: aes256
  saltRounds: 10
session:
  secret: not used
  resave: false
  saveUninitialized: false
`;

async function makeKey(admin: string): Promise<string> {
  const post = async (path: string, body: object): Promise<Record<string, string>> => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${admin}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`express-gateway answered ${answer.status} to ${path}: ${await answer.text()}`);
    return (await answer.json()) as Record<string, string>;
  };
  const username = `till${Date.now()}`;
  await post('/users', { username, firstname: 'Till', lastname: 'One' });
  const { keyId, keySecret } = await post('/credentials', { consumerId: username, type: 'key-auth', credential: {} });
  return `apiKey ${keyId}:${keySecret}`;
}
