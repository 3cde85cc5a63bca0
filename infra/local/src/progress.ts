import { seconds } from './processes/wait.ts';

/** Says what a step is at. */
export type Note = (text: string) => void;

export type Log = (line: string) => void;

/** One thing to do, with a title to show; `run` may give a few words on how it went. */
export type Work = { title: string; run: (note: Note) => Promise<string | void> };

export type Step = Work | { title: string; together: Step[] } | { title: string; inOrder: Step[] };

/** Waits for all, also after one has failed: what was begun must end before it can be cleaned up. Throws the first error. */
export const allOf = async (works: Promise<unknown>[]): Promise<void> => {
  const outcomes = await Promise.allSettled(works);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
};

/** Runs steps in order, and those of a group together, telling each result as one line. */
export const runSteps = async (steps: Step[], log: Log): Promise<void> => {
  for (const step of steps) {
    if ('together' in step) {
      await allOf(step.together.map((each) => runSteps([each], log)));
    } else if ('inOrder' in step) {
      await runSteps(step.inOrder, log);
    } else {
      const since = performance.now();
      const outcome = await step.run((text) => log(`${step.title}: ${text}`));
      log(`${step.title}: ${outcome || 'done'} (${seconds(since)})`);
    }
  }
};
