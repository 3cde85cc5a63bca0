import type { Endpoint } from '../endpoint.ts';
import { headersWith } from './common.ts';
import { jsonSchemaOf, type JsonSchema } from './json-schema.ts';

const JSON_TYPE = 'application/json';

/** Answers that do not have the form of all others: that a client has a page already, and what an endpoint says of itself. */
export function otherAnswersOf({ also = [], produces, otherAnswers = {} }: Endpoint): Record<string, JsonSchema> {
  const notModified = { description: 'You have it already.', headers: headersWith() };
  const others = Object.entries(otherAnswers).map(([status, { description, answer, example, media = [JSON_TYPE] }]) => {
    const one = answer && { schema: jsonSchemaOf(answer, 'output'), example };
    const content = one && Object.fromEntries(media.map((type) => [type, one]));
    return [status, { description, headers: headersWith(), ...(content && { content }) }];
  });
  return { ...(produces && also.includes(304) && { '304': notModified }), ...Object.fromEntries(others) };
}

/** A refusal that a person sees as a page. */
export function withPage(json: JsonSchema, status: number, { also = [], produces, example }: Endpoint): JsonSchema {
  if (!produces || !also.includes(status)) return json;
  const page = { [produces]: { schema: { type: 'string' }, example: example.answer } };
  return { ...json, content: { ...page, ...(json['content'] as JsonSchema) } };
}
