import type { Admission, Subject, Window } from './admission.ts';
import { endLease, isLow, noteWindow, takeLeased, wantedCalls } from './leases.ts';
import { setTime, slotsOf, windowOf, type Lane, type Limits, type LocalWindow, type Waiter } from './local.ts';
import { knownNow, levelOf } from './levels.ts';
import { mergesOf, mergeWindow } from './redis-back.ts';
import { admitAlone } from './alone.ts';
import { goAlone, send } from './redis-gone.ts';
import { earliest, levels } from './rules.ts';
import { noteSlots, questionOfSlots, returnIdle, takePromised } from './slots.ts';
import { admitted, refused, stateOf } from './states.ts';
import type { Answer, Question } from './store.ts';
import { slide } from './tally-rules.ts';

/** Calls that one question may carry. */
const callsAtMost = 1_000;

/** A flood of calls that are refused at a peek asks Redis no more often than this. */
const refusalHoldsMs = 250;

/** For other gateways to hand back the slots that they hold idle. */
const reclaimMs = 5;

const countedOf = ({ windows }: Subject): readonly Window[] => windows.filter(({ isCounted }) => isCounted !== false);

/** Admits or refuses after asking Redis. Calls of one subject that come while a question is under way share the next. */
export function admitAsking(limits: Limits, subject: Subject): Promise<Admission> {
  return new Promise((resolve) => enqueue(limits, subject, { resolve, isSecondTry: false }));
}

function enqueue(limits: Limits, subject: Subject, waiter: Waiter): void {
  const name = `${subject.windows.map(({ key }) => key).join(' ')} ${subject.slots?.key ?? ''}`;
  let lane = limits.lanes.get(name);
  if (!lane) limits.lanes.set(name, (lane = { subject, waiting: [], isAsking: false, wasLost: false }));
  lane.subject = subject;
  lane.waiting.push(waiter);
  if (!lane.isAsking) void drain(limits, lane, name);
}

async function drain(limits: Limits, lane: Lane, name: string): Promise<void> {
  lane.isAsking = true;
  while (lane.waiting.length > 0) await serve(limits, lane);
  limits.lanes.delete(name);
}

/** One question for all that wait in the lane. */
async function serve(limits: Limits, lane: Lane): Promise<void> {
  const { subject, waiting } = lane;
  const merges = mergesOf(limits, subject);
  if (merges.length > 0) await Promise.all(merges);
  serveFromLeases(limits, subject, waiting);
  const asking = waiting.splice(0, callsAtMost);
  if (asking.length === 0) return;
  if (limits.isAlone) {
    for (const { resolve } of asking) resolve(admitAlone(limits, subject));
    return;
  }
  const room = Math.min(asking.length, roomOf(limits, subject));
  const answer = room > 0 ? await ask(limits, subject, { calls: room, mayLease: true }) : refusal;
  if (answer === 'lost') {
    waiting.unshift(...asking);
    // It keeps losing what was put back: as good as gone.
    if (lane.wasLost) goAlone(limits, new Error('Redis lost the same window twice in a row'));
  } else if (answer === null) for (const { resolve } of asking) resolve(admitAlone(limits, subject));
  else settle(limits, subject, { asking, answer });
  lane.wasLost = answer === 'lost';
}

/** Calls that the caps leave room for, beside those that are asked for already. */
function roomOf(limits: Limits, subject: Subject): number {
  let room = Infinity;
  for (const window of countedOf(subject)) {
    const { cap, tally, asking } = windowOf(limits, window);
    room = Math.min(room, cap - tally.total - asking);
  }
  if (!subject.slots) return Math.max(0, room);
  const { cap, inUse, asking } = slotsOf(limits, subject.slots);
  return Math.max(0, Math.min(room, cap - inUse - asking));
}

const refusal: Answer = { now: 0, admitted: 0, windows: [], slots: null };

function serveFromLeases(limits: Limits, subject: Subject, waiting: Waiter[]): void {
  let served = 0;
  for (; served < waiting.length; served++) {
    const admission = takeLeased(limits, subject);
    if (!admission) break;
    waiting[served]!.resolve(admission);
  }
  waiting.splice(0, served);
}

function settle(limits: Limits, subject: Subject, { asking, answer }: { asking: Waiter[]; answer: Answer }): void {
  const slots = subject.slots && slotsOf(limits, subject.slots);
  const releases = asking.slice(0, answer.admitted).map(() => (slots ? takePromised(limits, slots) : () => {}));
  for (const [n, release] of releases.entries()) {
    limits.count('asked');
    asking[n]!.resolve(admitted(limits, subject, { behind: answer.admitted - 1 - n, release }));
  }
  if (slots && !slots.isLendable) returnIdle(limits, slots);
  for (const waiter of asking.slice(answer.admitted)) {
    const isWorthAsking = answer.slots?.isReclaiming && !waiter.isSecondTry;
    if (isWorthAsking) limits.clock.after(reclaimMs, () => enqueue(limits, subject, { ...waiter, isSecondTry: true }));
    else waiter.resolve(refused(limits, subject));
  }
}

/** Asks ahead of need: a lease is half used. */
export function topUp(limits: Limits, subject: Subject): void {
  if (!limits.isAlone && isLow(limits, subject)) void ask(limits, subject, { calls: 0, mayLease: true });
}

/** Whether the windows of a subject have room for one more call. Counts nothing. */
export function peek(limits: Limits, { windows }: Subject): Admission | Promise<Admission> {
  const subject = { windows, slots: null };
  const counted = countedOf(subject).map((window) => windowOf(limits, window));
  if (limits.isAlone) return judge(limits, subject);
  const now = limits.clock.nowMs();
  const known = knownNow(limits);
  if (counted.every(({ key, windowMs, tally }) => tally.total === 0 && levelOf(known, key, windowMs) === levels)) {
    // Whoever counts in a window makes its level fall, and that is heard within milliseconds.
    for (const window of counted) window.remaining = window.quota;
    return judge(limits, subject);
  }
  if (counted.some(({ remaining, answeredAt }) => remaining <= 0 && now - answeredAt < refusalHoldsMs)) {
    return judge(limits, subject);
  }
  return look(limits, subject);
}

async function look(limits: Limits, subject: Subject): Promise<Admission> {
  for (let tries = 0; tries < 2 && !limits.isAlone; tries++) {
    await Promise.all(mergesOf(limits, subject));
    if ((await ask(limits, subject, { calls: 0, mayLease: false })) !== 'lost') break;
  }
  return judge(limits, subject);
}

/** By what this gateway knows now. */
function judge(limits: Limits, subject: Subject): Admission {
  const { windows } = stateOf(limits, subject, 0);
  const isFull = windows.some(({ remaining, isCounted }) => isCounted && remaining <= 0);
  return isFull ? refused(limits, subject) : admitted(limits, subject, { behind: 0, release: () => {} });
}

/** Null: Redis is gone. `lost`: Redis did not know our calls; they are being put back, ask again. */
async function ask(
  limits: Limits,
  subject: Subject,
  { calls, mayLease }: { calls: number; mayLease: boolean },
): Promise<Answer | 'lost' | null> {
  const sentMs = limits.clock.nowMs();
  const windows = countedOf(subject).map((window) => windowOf(limits, window));
  const slots = subject.slots && slotsOf(limits, subject.slots);
  const slotsPart = slots && questionOfSlots(slots, calls, sentMs);
  const question = {
    calls,
    windows: windows.map((window) => questionOf(limits, window, mayLease)),
    slots: slotsPart && slotsPart.question,
  };
  for (const window of windows) window.asking += calls;

  const answer = await send(limits, () => limits.store.ask(question));

  for (const [n, window] of windows.entries()) {
    window.asking -= calls;
    if (question.windows[n]!.wanted > 0) window.isTopping = false;
  }
  slotsPart?.done();
  if (answer === null) return null;
  if (answer === 'lost') {
    for (const window of windows) void mergeWindow(limits, window);
    return answer;
  }
  setTime(limits, answer.now, sentMs);
  const { admitted: admittedCalls, windows: answers } = answer;
  for (const [n, window] of windows.entries())
    noteWindow(limits, window, { answer: answers[n]!, admitted: admittedCalls, sentMs });
  if (slots) noteSlots(limits, slots, { answer: answer.slots!, admitted: admittedCalls, sentMs });
  return answer;
}

function questionOf(limits: Limits, window: LocalWindow, mayLease: boolean): Question['windows'][number] {
  const now = limits.clock.nowMs();
  if (window.lease && now >= window.lease.deadline) endLease(limits, window);
  slide(window.tally, earliest(limits.time, now), window.windowMs);
  const { key, windowMs, quota, tally } = window;
  const wanted = mayLease && !window.isTopping ? wantedCalls(window, now) : 0;
  window.askedAt = now;
  if (wanted > 0) window.isTopping = true;
  return { key, windowMs, quota, wanted, isOnRecord: tally.total > 0 };
}
