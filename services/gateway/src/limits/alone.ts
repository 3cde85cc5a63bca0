import type { Admission, Subject } from './admission.ts';
import { slotsOf, windowOf, type Limits } from './local.ts';
import { bucketAt, earliest, latest } from './rules.ts';
import { takeSlot } from './slots.ts';
import { admitted, refused } from './states.ts';
import { addTo, slide } from './tally-rules.ts';

/** Decides without Redis. Leases that are left have been tried before. */
export function admitAlone(limits: Limits, subject: Subject): Admission {
  const { time, clock } = limits;
  const windows = subject.windows
    .filter(({ isCounted }) => isCounted !== false)
    .map((window) => windowOf(limits, window));
  for (const { tally, windowMs } of windows) slide(tally, earliest(time, clock.nowMs()), windowMs);
  const slots = subject.slots && slotsOf(limits, subject.slots);
  const isFull =
    windows.some(({ tally, cap }) => tally.total >= cap) ||
    (slots !== null && slots.inUse + slots.promised >= slots.cap);
  if (isFull) return refused(limits, subject);

  for (const { tally, windowMs } of windows) addTo(tally, bucketAt(latest(time, clock.nowMs()), windowMs), 1);
  limits.count('alone');
  return admitted(limits, subject, { behind: 0, release: slots ? takeSlot(limits, slots) : () => {} });
}
