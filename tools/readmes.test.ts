import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { endpoints, events } from '../libs/contracts/src/index.ts';

const services = resolve(import.meta.dirname, '../services');
const names = readdirSync(services);

const textOf = (...path: string[]): string => readFileSync(join(services, ...path), 'utf8');

/** Sources of a service, as one text. */
const sourceOf = (name: string): string =>
  readdirSync(join(services, name, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => textOf(name, 'src', file))
    .join('\n');

const exportedNames = new Map(
  events.map((event) => [event, event.type.split('.')[1]!.replaceAll(/_(\w)/g, (_, c: string) => c.toUpperCase())]),
);

describe('the README of a service', () => {
  it.each(names)('%s names every variable of its environment', (name) => {
    const variables = textOf(name, 'src', 'config.ts').match(/^\s+[A-Z][A-Z_]+(?=: )/gm) ?? [];

    expect(variables.length).toBeGreaterThan(3);
    expect(
      variables.map((text) => text.trim()).filter((variable) => !textOf(name, 'README.md').includes(`\`${variable}\``)),
    ).toEqual([]);
  });

  it.each(names)('%s names every event that it announces or reads', (name) => {
    const source = sourceOf(name);
    const used = events.filter((event) => new RegExp(`\\b${exportedNames.get(event)}\\b`).test(source));

    expect(used.map(({ type }) => type).filter((type) => !textOf(name, 'README.md').includes(`\`${type}\``))).toEqual(
      [],
    );
  });

  it.each(names)('%s names every internal endpoint that it serves', (name) => {
    const internal = endpoints.filter(({ owner, dialect }) => owner === name && dialect === 'internal');

    expect(internal.map(({ id }) => id).filter((id) => !textOf(name, 'README.md').includes(`\`${id}\``))).toEqual([]);
  });
});
