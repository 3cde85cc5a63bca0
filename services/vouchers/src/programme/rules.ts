import { AppError } from '@punchcard/contracts';

/** 422 that names every field with a problem at once. `false`: there is none. */
export function requireValid(problems: Readonly<Record<string, string | false>>): void {
  const errors = Object.entries(problems).flatMap(([field, problem]) => (problem ? [[field, [problem]] as const] : []));
  if (errors.length > 0) throw new AppError('VALIDATION_FAILED', { details: { errors: Object.fromEntries(errors) } });
}

/** A change that names no field. */
export const isEmpty = (change: object): boolean => Object.keys(change).length === 0;
