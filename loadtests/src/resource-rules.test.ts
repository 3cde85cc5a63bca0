import { describe, expect, it } from '@jest/globals';
import { growthOf, heldOf, lineOf, type Held } from './resource-rules.ts';

const text = `# HELP process_resident_memory_bytes Resident memory size in bytes.
process_resident_memory_bytes 157286400
process_open_fds{service="ledger"} 45
nodejs_heap_size_used_bytes 6.291456e+07
process_start_time_seconds 1772359200
`;

const held = (more: Partial<Held> = {}): Held => ({
  ...{ residentMb: 150, heapMb: 60, descriptors: 45, startedAt: 1, ...more },
});

/** One look a minute. */
const series = (all: Held[]) => ({ seconds: all.map((_, n) => n * 60), held: all });
const of = (count: number, make: (n: number) => Partial<Held>) =>
  Array.from({ length: count }, (_, n) => held(make(n)));

describe('heldOf', () => {
  it('reads what a service tells', () => {
    expect(heldOf(text)).toEqual({ residentMb: 150, heapMb: 60, descriptors: 45, startedAt: 1_772_359_200 });
  });

  it('takes no half answer', () => {
    expect(heldOf(text.replace('process_open_fds', 'other'))).toBeNull();
  });
});

describe('growthOf', () => {
  it('finds nothing in a heap that is filled and collected again', () => {
    const saw = series(of(90, (n) => ({ heapMb: 60 + (n % 10) * 20, residentMb: 150 + n })));

    expect(growthOf(saw)).toMatchObject({ resident: [150, 239], heap: [60, 60, 60], findings: [] });
    expect(lineOf('ledger', growthOf(saw))).toBe(
      '  ledger    resident 150 → 239 MB, heap ≥ 60 → 60 → 60 MB, descriptors ≤ 45 → 45 → 45',
    );
  });

  it('finds a heap that does not come back down', () => {
    expect(growthOf(series(of(90, (n) => ({ heapMb: 60 + n * 2 })))).findings).toEqual([
      expect.stringContaining('heap grows'),
    ]);
  });

  it('does not judge the heap of a few minutes, in which nothing may have been collected', () => {
    expect(growthOf(series(of(10, (n) => ({ heapMb: 60 + n * 20 })))).findings).toEqual([]);
  });

  it('finds connections that nobody closes, in minutes', () => {
    expect(growthOf(series(of(9, (n) => ({ descriptors: 45 + n * 10 })))).findings).toEqual([
      expect.stringContaining('connections grow'),
    ]);
  });

  it('finds a process that came back as another', () => {
    expect(growthOf(series(of(9, (n) => ({ startedAt: n < 5 ? 1 : 2 }))))).toMatchObject({
      restarts: 1,
      findings: [expect.stringContaining('restarted')],
    });
  });
});
