/** What a process holds at one moment, as `/metrics` of its service tells. */
export interface Held {
  residentMb: number;
  heapMb: number;
  /** Open files and sockets: connections, most of all. */
  descriptors: number;
  /** Unix seconds; another one is another process. */
  startedAt: number;
}

const names: Record<keyof Held, string> = {
  residentMb: 'process_resident_memory_bytes',
  heapMb: 'nodejs_heap_size_used_bytes',
  descriptors: 'process_open_fds',
  startedAt: 'process_start_time_seconds',
};

/** Of Prometheus's text format; null where a figure is missing. */
export function heldOf(text: string): Held | null {
  const of = (name: string) => Number(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)`, 'm').exec(text)?.[1]);
  const residentMb = of(names.residentMb) / 2 ** 20;
  const heapMb = of(names.heapMb) / 2 ** 20;
  const held = { residentMb, heapMb, descriptors: of(names.descriptors), startedAt: of(names.startedAt) };
  return Object.values(held).some(Number.isNaN) ? null : held;
}

/** One service over time. */
export interface Series {
  seconds: readonly number[];
  held: readonly Held[];
}

export interface Growth {
  resident: [first: number, last: number];
  /** The least of each third: what stays after garbage was collected. */
  heap: [number, number, number];
  /** The most of each third. */
  descriptors: [number, number, number];
  restarts: number;
  /** What an operator should look into; empty when nothing grows. */
  findings: string[];
}

/** A collector that has had no reason to run yet looks like a leak. */
const shortestSecondsForMemory = 30 * 60;
const [heapFactor, heapNoiseMb] = [1.25, 16];
const [descriptorFactor, descriptorNoise] = [1.25, 20];

/** How one service fared, from the first look to the last. */
export function growthOf({ seconds, held }: Series): Growth {
  const [first, last] = [held[0]!, held.at(-1)!];
  const lasted = seconds.at(-1)! - seconds[0]!;
  const thirds = [0, 1, 2].map((third) =>
    held.filter((_, n) => Math.min(2, Math.floor(((seconds[n]! - seconds[0]!) / Math.max(1, lasted)) * 3)) === third),
  );
  const each = (pick: (of: readonly number[]) => number, name: keyof Held) =>
    thirds.map((of) => pick((of.length > 0 ? of : [last]).map((one) => one[name]))) as [number, number, number];
  const heap = each((of) => Math.min(...of), 'heapMb');
  const descriptors = each((of) => Math.max(...of), 'descriptors');
  const restarts = new Set(held.map(({ startedAt }) => startedAt)).size - 1;
  const findings = [
    ...(restarts > 0 ? ['it was restarted while the load ran'] : []),
    ...(lasted >= shortestSecondsForMemory && heap[2] > heap[1] * heapFactor + heapNoiseMb
      ? ['its heap grows: what stays after collections is more in the last third than in the second']
      : []),
    ...(descriptors[2] > descriptors[0] * descriptorFactor + descriptorNoise
      ? ['its open files and connections grow while the load does not']
      : []),
  ];
  return { resident: [first.residentMb, last.residentMb], heap, descriptors, restarts, findings };
}

const whole = (values: readonly number[]): string => values.map((value) => value.toFixed(0)).join(' → ');

/** `  ledger    resident 131 → 142 MB, heap ≥ 60 → 61 → 61 MB, descriptors ≤ 45 → 45 → 46` */
export const lineOf = (name: string, { resident, heap, descriptors }: Growth): string =>
  `  ${name.padEnd(9)} resident ${whole(resident)} MB, heap ≥ ${whole(heap)} MB, descriptors ≤ ${whole(descriptors)}`;
