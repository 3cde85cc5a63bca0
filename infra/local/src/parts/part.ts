import type { Note } from '../progress.ts';

export const partNames = ['postgres', 'redis', 'kafka'] as const;
export type PartName = (typeof partNames)[number];

/** Where a part comes from: a URL in the environment, Docker Compose, or a process of our own. */
export type Source = 'url' | 'docker' | 'native';

/** One real part, ready to be used. */
export type Part = {
  readonly name: PartName;
  readonly source: Source;
  /** `postgres://…`, `redis://…`, or a comma list of brokers. */
  readonly url: string;
  /** Of our own process; undefined while it does not run and for every other source. */
  readonly pid: number | undefined;
  /** Starts it unless it runs, and waits until it answers. */
  start(): Promise<void>;
  /** Sends a signal; after one that ends a process, waits until it has ended. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  stop(): Promise<void>;
};

export type StartPart = (note: Note) => Promise<Part>;

/** For people: `PostgreSQL`. */
export const partTitles: Record<PartName, string> = { postgres: 'PostgreSQL', redis: 'Redis', kafka: 'Kafka' };
