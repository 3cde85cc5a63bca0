import { formatMarks, parseMarks } from '@punchcard/service-kit';

/** Redis channel on which gateways tell each other of marks. */
export const marksChannel = 'punchcard:marks';

const KEPT_MS = 60_000;
const SWEEP_MS = 10_000;

interface Mark {
  sequence: number;
  at: number;
}

interface PartnerMarks {
  byService: Map<string, Mark>;
  /** What goes along to services; formatted once per change. */
  header: string | undefined;
}

export interface Marks {
  /** Keeps what a service answered: `catalog:12`. */
  remember(partnerId: string, mark: string): void;
  /** Keeps what another gateway remembered. */
  hear(message: string): void;
  /** What a service must have applied before it answers for this partner; undefined when nothing was written lately. */
  headerFor(partnerId: string): string | undefined;
  close(): void;
}

export interface MarksOptions {
  tell: (message: string) => void;
  now?: () => number;
}

/** The marks of the last minute by partner: how a caller reads back what it wrote, through any gateway (design §4). */
export function createMarks({ tell, now = () => performance.now() }: MarksOptions): Marks {
  const partners = new Map<string, PartnerMarks>();

  const keep = (partnerId: string, mark: string): boolean => {
    const marks = partners.get(partnerId) ?? { byService: new Map<string, Mark>(), header: undefined };
    let isNew = false;
    for (const [service, sequence] of Object.entries(parseMarks(mark))) {
      const known = marks.byService.get(service);
      if (known && known.sequence > sequence) continue;
      isNew ||= known?.sequence !== sequence;
      marks.byService.set(service, { sequence, at: now() });
    }
    if (marks.byService.size === 0) return false;
    partners.set(partnerId, marks);
    marks.header = formatMarks(sequencesOf(marks));
    return isNew;
  };

  const forgetOld = (): void => {
    const oldest = now() - KEPT_MS;
    for (const [partnerId, marks] of partners) {
      for (const [service, { at }] of marks.byService) if (at < oldest) marks.byService.delete(service);
      if (marks.byService.size === 0) partners.delete(partnerId);
      else marks.header = formatMarks(sequencesOf(marks));
    }
  };
  const sweep = setInterval(forgetOld, SWEEP_MS);
  sweep.unref();

  return {
    remember(partnerId, mark) {
      if (keep(partnerId, mark)) tell(`${partnerId} ${mark}`);
    },
    hear(message) {
      const at = message.indexOf(' ');
      if (at > 0) keep(message.slice(0, at), message.slice(at + 1));
    },
    headerFor: (partnerId) => partners.get(partnerId)?.header,
    close: () => clearInterval(sweep),
  };
}

const sequencesOf = ({ byService }: PartnerMarks): Record<string, number> =>
  Object.fromEntries([...byService].map(([service, { sequence }]) => [service, sequence]));
