import type { Call, Endpoint } from '@punchcard/contracts';

const JSON_TYPE = 'application/json';
const RANGE = /^\s*([\w*+.-]+\/[\w*+.-]+)\s*(?:;\s*(?:charset|header)=[\w"-]+\s*)*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*$/i;

/**
 * What the caller wants of what an endpoint can answer: its other medium only when `Accept` names it, and likes it at least as
 * much as JSON; the earlier of two that it likes as much. A wildcard is content with JSON.
 */
export function mediaOf({ alsoProduces }: Pick<Endpoint, 'alsoProduces'>, accept: string | undefined): Call['media'] {
  if (alsoProduces === undefined || accept === undefined) return JSON_TYPE;
  const ranges = accept.split(',').flatMap((range) => {
    const [, type, quality = '1'] = RANGE.exec(range) ?? [];
    return type === undefined || Number(quality) === 0 ? [] : [{ type: type.toLowerCase(), quality: Number(quality) }];
  });
  const named = ranges.filter(({ type }) => type === alsoProduces || type === JSON_TYPE);
  const [best] = named.toSorted((a, b) => b.quality - a.quality);
  return best?.type === alsoProduces ? alsoProduces : JSON_TYPE;
}
