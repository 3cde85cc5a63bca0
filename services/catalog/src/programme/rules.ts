import { AppError } from '@punchcard/contracts';

/** 422 that names every field with a problem at once. `false`: there is none. */
export function requireValid(problems: Readonly<Record<string, string | false>>): void {
  const errors = Object.entries(problems).flatMap(([field, problem]) => (problem ? [[field, [problem]] as const] : []));
  if (errors.length > 0) throw new AppError('VALIDATION_FAILED', { details: { errors: Object.fromEntries(errors) } });
}

/** 409 when a value that must be unique belongs to something else than `id`. */
export function requireFree(field: string, id: string, owner: string | undefined): void {
  if (owner !== undefined && owner !== id) {
    throw new AppError('ALREADY_EXISTS', { details: { field, existing_id: owner } });
  }
}

/** A change that names no field. */
export const isEmpty = (change: object): boolean => Object.keys(change).length === 0;
