import { describe, expect, it } from '@jest/globals';
import { openApiOf } from '@punchcard/contracts';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

interface Media {
  schema: object;
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}

/** Every place of a document that has a media type with examples. */
function* mediaIn(value: unknown, at = ''): Generator<[at: string, media: Media]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    if (name === 'content') {
      for (const media of Object.values(inner as Record<string, Media>)) yield [at, media];
    } else yield* mediaIn(inner, `${at}/${name}`);
  }
}

describe.each(['agent', 'partner'] as const)('the examples of the %s API', (api) => {
  const document = openApiOf({ api, version: '0.1.0' });
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  // A CommonJS module whose default export is one level down when imported.
  (formats as unknown as { default: typeof formats.default }).default(ajv);
  ajv.addSchema({ $id: 'doc', components: document['components'] });
  const media = [
    ...mediaIn({ paths: document['paths'], responses: (document['components'] as object)['responses' as never] }),
  ];

  it('all fit their schemas, by a validator that is not ours', () => {
    expect(media.length).toBeGreaterThan(5);
    for (const [at, { schema, example, examples }] of media) {
      const text = JSON.stringify(schema).replaceAll('"#/components/', '"doc#/components/');
      const isValid = ajv.compile(JSON.parse(text) as object);
      const values = examples ? Object.values(examples).map(({ value }) => value) : [example];
      expect([at, values.length > 0]).toEqual([at, true]);
      for (const value of values) expect([at, isValid(value), isValid.errors]).toEqual([at, true, null]);
    }
  });
});
