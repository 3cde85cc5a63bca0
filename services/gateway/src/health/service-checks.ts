import type { DomainService } from '@punchcard/contracts';
import type { Upstreams } from '../proxying/upstreams.ts';

const CHECK_MS = 1_000;
const KEPT_MS = 1_000;

/** Whether every service says that it is ready. Asked when somebody wants to know, at most once a second. */
export function createServiceChecks(
  upstreams: Upstreams,
  services: Readonly<Record<DomainService, string>>,
): () => Promise<boolean> {
  const names = Object.keys(services) as DomainService[];
  let last: { at: number; areReady: Promise<boolean> } | undefined;

  const isReady = async (service: DomainService): Promise<boolean> => {
    try {
      const signal = AbortSignal.timeout(CHECK_MS);
      const { statusCode, body } = await upstreams
        .poolOf(service)
        .request({ method: 'GET', path: '/health/ready', signal });
      await body.dump();
      return statusCode === 200;
    } catch {
      return false;
    }
  };

  return () => {
    if (!last || performance.now() - last.at > KEPT_MS) {
      const areReady = Promise.all(names.map(isReady)).then((all) => all.every(Boolean));
      last = { at: performance.now(), areReady };
    }
    return last.areReady;
  };
}
