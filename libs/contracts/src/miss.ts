import type { AppError } from './app-error.ts';
import type { Topic } from './event.ts';

/** A row that our copy does not have. It may be on its way: only a copy that has caught up may say that it is not there. */
export class Miss extends Error {
  override readonly name = 'Miss';
  /** Where it would come from. */
  readonly topics: readonly Topic[];
  /** What the caller gets if it is missing for sure. */
  readonly refusal: AppError;

  constructor(refusal: AppError, topics: readonly Topic[]) {
    super(refusal.message);
    this.refusal = refusal;
    this.topics = topics;
  }
}
