import { Listr, PRESET_TIMER } from 'listr2';
import type { ListrTask } from 'listr2';
import { runSteps } from '../progress.ts';
import type { Step } from '../progress.ts';

const widest = 100;

/** Runs steps with their progress on the terminal, or as plain lines where there is none. */
export const showSteps = async (steps: Step[]): Promise<void> => {
  if (!process.stdout.isTTY) return runSteps(steps, (line) => console.log(line));
  const begun: Promise<unknown>[] = [];
  const toTask = (step: Step): ListrTask => ({
    title: step.title,
    task: async (_, task) => {
      if ('together' in step) return task.newListr(step.together.map(toTask), { concurrent: true });
      // Said, since a list within a list inherits.
      if ('inOrder' in step) return task.newListr(step.inOrder.map(toTask), { concurrent: false });
      const work = step.run((text) => {
        task.output = text.slice(0, widest);
      });
      begun.push(work);
      const outcome = await work;
      if (outcome) task.title = `${step.title}: ${outcome}`;
      return undefined;
    },
  });
  const listr = new Listr(steps.map(toTask), {
    // Signals are ours: what was begun has to be stopped.
    registerSignalListeners: false,
    rendererOptions: { collapseSubtasks: false, timer: PRESET_TIMER, showErrorMessage: false },
  });
  try {
    await listr.run();
  } finally {
    // What runs beside a step that failed must end before it can be cleaned up.
    await Promise.allSettled(begun);
  }
};
