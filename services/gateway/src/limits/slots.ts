import type { Limits, LocalSlots } from './local.ts';
import { hear } from './levels.ts';
import { setTime } from './local.ts';
import { send } from './redis-gone.ts';
import type { SlotsAnswer, SlotsQuestion } from './store.ts';

/** Idle slots to be lent to a gateway that is in use: with a tenth of the limit it serves most calls without a question. */
const idleTargetOf = ({ limit, usedAt, cap }: LocalSlots, now: number): number =>
  now - usedAt < 1_000 && cap === Infinity ? Math.ceil(limit / 10) : 0;

/** Takes a slot that an answer of Redis has promised. */
export function takePromised(limits: Limits, slots: LocalSlots): () => void {
  slots.promised--;
  slots.asking--;
  return takeSlot(limits, slots);
}

/** Takes a slot that is known to be free, and answers with what gives it back. */
export function takeSlot(limits: Limits, slots: LocalSlots): () => void {
  slots.inUse++;
  slots.usedAt = limits.clock.nowMs();
  limits.holding.add(slots);
  return () => {
    slots.inUse--;
    if (!limits.isAlone && !slots.isLendable) returnIdle(limits, slots);
  };
}

/** Hands back what this gateway holds idle, at once. */
export function returnIdle(limits: Limits, slots: LocalSlots): void {
  const idle = slots.held - slots.inUse - slots.promised;
  if (idle > 0) {
    slots.held -= idle;
    slots.surplus += idle;
  }
  if (!slots.isHandingBack && slots.surplus > 0) void renew(limits, slots);
}

/** Tells Redis that this gateway lives and what it hands back, until there is nothing left to hand back. */
export async function renew(limits: Limits, slots: LocalSlots): Promise<void> {
  slots.isHandingBack = true;
  do {
    const sentMs = limits.clock.nowMs();
    const { question, done } = questionOfSlots(slots, 0, sentMs);
    const answer = await send(limits, () =>
      limits.store.ask({ calls: 0, windows: [], slots: { ...question, wanted: 0 } }),
    );
    done();
    if (answer === null || answer === 'lost') break;
    setTime(limits, answer.now, sentMs);
    noteSlots(limits, slots, { answer: answer.slots!, admitted: 0, sentMs });
    if (!slots.isLendable) returnIdle(limits, slots);
  } while (slots.surplus > 0);
  slots.isHandingBack = false;
}

/**
 * The part of a question about slots: calls take what is idle here first. `done` is to be called when the question has its
 * answer, or never will.
 */
export function questionOfSlots(
  slots: LocalSlots,
  calls: number,
  now: number,
): { question: SlotsQuestion; done: () => void } {
  const { key, limit } = slots;
  const idle = now < slots.deadline ? Math.max(0, slots.held - slots.inUse - slots.promised) : 0;
  const own = Math.min(idle, calls);
  const back = slots.surplus;
  slots.surplus = 0;
  slots.promised += own;
  slots.asking += calls;
  slots.flights++;
  return {
    question: { key, limit, own, wanted: Math.max(0, idleTargetOf(slots, now) - (idle - own)), back },
    done: () => {
      slots.promised -= own;
      slots.asking -= calls;
      slots.flights--;
    },
  };
}

/**
 * Keeps what Redis said. Slots of the admitted calls stay promised until each has taken its own: other answers that came
 * with this one are dealt with in between, and must not find them idle.
 */
export function noteSlots(
  limits: Limits,
  slots: LocalSlots,
  { answer, admitted, sentMs }: { answer: SlotsAnswer; admitted: number; sentMs: number },
): void {
  slots.promised += admitted;
  slots.asking += admitted;
  slots.held += answer.taken + answer.lent;
  slots.total = answer.total;
  slots.isLendable = answer.total * 2 <= slots.limit;
  slots.renewedAt = sentMs;
  slots.deadline = sentMs + limits.settings.lapseMs - 2;
  hear(limits, slots.key, { level: answer.level, told: answer.told, lifeMs: limits.settings.lapseMs });
  if (slots.held > 0) limits.holding.add(slots);
  // They lapsed while this process slept, or Redis lost them.
  if (slots.flights === 0 && slots.surplus === 0 && answer.mine !== slots.held) hold(limits, slots);
}

/** Makes what Redis counts for this gateway what is in use, and keeps nothing idle. */
export function hold(limits: Limits, slots: LocalSlots): void {
  const { key, limit } = slots;
  slots.held = slots.inUse + slots.promised;
  slots.surplus = 0;
  const sentMs = limits.clock.nowMs();
  const work = send(limits, () => limits.store.hold({ key, limit, count: slots.held })).then((answer) => {
    slots.merging = null;
    if (!answer) return;
    setTime(limits, answer.now, sentMs);
    slots.total = answer.total;
    slots.renewedAt = sentMs;
    slots.deadline = sentMs + limits.settings.lapseMs - 2;
    hear(limits, key, { level: answer.level, told: answer.told, lifeMs: limits.settings.lapseMs });
  });
  slots.merging = work;
}
