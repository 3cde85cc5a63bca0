import { invalid, notFound } from '@punchcard/contracts';

/** Rewards of a card, and cards of a reward. */
export const mostLinks = 200;

/** 404 that names the first id which the partner does not have. */
export function requireKnown(
  ids: readonly string[],
  known: ReadonlySet<string>,
  what: { resource: string; field: string },
): void {
  const at = ids.findIndex((id) => !known.has(id));
  if (at !== -1) throw notFound(what.resource, ids[at]!, `${what.field}[${at}]`);
}

/** 422 when a link would be one too many for the thing at its other end. */
export function requireUncrowded(ids: readonly string[], crowded: string | undefined, field: string): void {
  if (crowded !== undefined) throw invalid(`${field}[${ids.indexOf(crowded)}]`, `has ${mostLinks} links already`);
}
