import { spawnSync } from 'node:child_process';
import type { Source } from './part.ts';

export type Choice = {
  /** The URL given in the environment, if any. */
  url: string | undefined;
  /** PUNCHCARD_PARTS: `native` or `docker` leaves no choice. */
  wish: string | undefined;
  dockerAnswers: () => boolean;
};

/** A URL in the environment wins; else Docker, if a daemon answers; else a process of our own. */
export const sourceOf = ({ url, wish, dockerAnswers }: Choice): Source => {
  if (url) return 'url';
  if (wish === 'native' || wish === 'docker') return wish;
  if (wish) throw new Error(`PUNCHCARD_PARTS is "${wish}"; it may be native or docker`);
  return dockerAnswers() ? 'docker' : 'native';
};

const succeeds = (args: string[]) => spawnSync('docker', args, { stdio: 'ignore', timeout: 5_000 }).status === 0;

/** Whether a Docker daemon answers and its client knows Compose. */
export const dockerAnswers = (): boolean =>
  succeeds(['version', '--format', '{{.Server.Version}}']) && succeeds(['compose', 'version']);
