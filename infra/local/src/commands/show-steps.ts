import { Listr, PRESET_TIMER } from 'listr2';
import type { ListrTask } from 'listr2';
import { runSteps } from '../progress.ts';
import type { Step } from '../progress.ts';

const widest = 100;

/** Runs steps with their progress on the terminal, or as plain lines where there is none. */
export const showSteps = async (steps: Step[]): Promise<void> => {
  if (!process.stdout.isTTY) return runSteps(steps, (line) => console.log(line));
  const failures: Error[] = [];
  const toTask = (step: Step): ListrTask => ({
    title: step.title,
    // Nothing more is begun; what runs beside the failure is seen to its end.
    skip: () => failures.length > 0,
    task: async (_, task) => {
      const list = (inner: Step[], concurrent: boolean) =>
        task.newListr(inner.map(toTask), { concurrent, exitOnError: false });
      if ('together' in step) return list(step.together, true);
      if ('inOrder' in step) return list(step.inOrder, false);
      try {
        const outcome = await step.run((text) => {
          task.output = text.slice(0, widest);
        });
        if (outcome) task.title = `${step.title}: ${outcome}`;
      } catch (error) {
        failures.push(error instanceof Error ? error : new Error(String(error)));
        throw error;
      }
      return undefined;
    },
  });
  const listr = new Listr(steps.map(toTask), {
    exitOnError: false,
    // Signals are ours: what was begun has to be stopped.
    registerSignalListeners: false,
    rendererOptions: { collapseSubtasks: false, timer: PRESET_TIMER, showErrorMessage: false },
  });
  await listr.run();
  const [failure] = failures;
  if (failure) throw failure;
};
