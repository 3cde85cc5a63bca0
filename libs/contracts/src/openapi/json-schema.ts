import { z } from 'zod';
import { textPatterns } from '../primitives.ts';

/** A JSON Schema (2020-12) as plain data. */
export type JsonSchema = Record<string, unknown>;

const textual: readonly unknown[] = Object.values(textPatterns);

/** Formats that say it all; zod writes a pattern of a few hundred characters beside them. */
const formatsThatSuffice: readonly unknown[] = ['uuid', 'date-time', 'date'];

/**
 * The JSON Schema of one of ours: what may be sent (`input`), or what is answered (`output`). Answers may grow fields, so they are
 * left open; what is sent is closed where the schema is strict. `isBrief`: without the pattern that nearly every
 * text has and the bounds that every whole number has.
 */
export function jsonSchemaOf(
  schema: z.ZodType,
  io: 'input' | 'output',
  { isBrief = false }: { isBrief?: boolean } = {},
): JsonSchema {
  const { $schema: _, ...whole } = z.toJSONSchema(schema, {
    io,
    // Custom checks and transformed numbers say what they are by their meta.
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const { def } = zodSchema._zod;
      const isOpen = def.type === 'object' && !(def as z.core.$ZodObjectDef).catchall;
      if (io === 'output' && isOpen) delete jsonSchema.additionalProperties;
      // zod leaves the default of a transformed value out, since it may be an output; in a meta it is what may be sent.
      const preset = z.globalRegistry.get(zodSchema)?.['default'];
      if (preset !== undefined) jsonSchema.default = preset as z.core.JSONSchema.JSONSchema['default'];
    },
  });
  return tidy(whole, { isBrief, isWide: isBrief || io === 'output' }) as JsonSchema;
}

/** What is left when what only zod needs to know is taken away; innermost first. */
function tidy(value: unknown, how: { isBrief: boolean; isWide: boolean }): unknown {
  if (Array.isArray(value)) return value.map((item) => tidy(item, how));
  if (typeof value !== 'object' || value === null) return value;
  const json: JsonSchema = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, tidy(inner, how)]));
  const { type, format } = json;
  if (formatsThatSuffice.includes(format)) delete json['pattern'];
  if (how.isBrief && textual.includes(json['pattern'])) delete json['pattern'];
  // Of the text that a query value is; `type` says what it means.
  if (type === 'integer' || type === 'number' || type === 'boolean') delete json['pattern'];
  if (type === 'boolean') delete json['enum'];
  if (how.isWide && json['minimum'] === Number.MIN_SAFE_INTEGER) delete json['minimum'];
  if (how.isWide && json['maximum'] === Number.MAX_SAFE_INTEGER) delete json['maximum'];
  if (JSON.stringify(json['propertyNames']) === '{"type":"string"}') delete json['propertyNames'];
  return Array.isArray(json['anyOf']) ? simpleChoice(json, json['anyOf'] as JsonSchema[]) : json;
}

/** `X or null` of a plain X is one schema of two types; a choice within a choice is one choice. */
function simpleChoice(json: JsonSchema, choices: readonly JsonSchema[]): JsonSchema {
  const flat = choices.flatMap((choice) =>
    Array.isArray(choice['anyOf']) && Object.keys(choice).length === 1 ? (choice['anyOf'] as JsonSchema[]) : [choice],
  );
  const [one, ...rest] = flat.filter(({ type }) => type !== 'null');
  const isPlain = one && rest.length === 0 && typeof one['type'] === 'string' && !('enum' in one) && !('const' in one);
  if (!isPlain || flat.length === 1) return { ...json, anyOf: flat };
  const { anyOf: _, ...others } = json;
  return { ...one, ...others, type: [one['type'], 'null'] };
}
