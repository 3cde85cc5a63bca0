import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Markup } from './markup.ts';

const require = createRequire(import.meta.url);

/** Elements that every page holds, and the policy that lets a browser run exactly what is in them. */
export interface Assets {
  style: Markup;
  script: Markup;
  /** `Content-Security-Policy` */
  policy: string;
}

/** In the order in which they need each other. */
const parts = [
  'dom',
  'texts',
  'colours',
  'api',
  'memory',
  'identifier',
  'copying',
  'forms',
  'history',
  'cards',
  'wallet',
  'join',
];

/**
 * Reads the page's script and styles. They stand in the page, so that one request shows it: limits count requests by address, and
 * behind the address of a shop's Wi-Fi there are many phones.
 */
export function readAssets(): Assets {
  const style = read('./browser/page.css');
  const script = [library('uqr', 'encode'), ...parts.map((name) => joined(read(`./browser/${name}.js`)))].join('\n');
  if (/<\/(?:script|style)|<!--/i.test(script + style))
    throw new Error('The script or style would end before its end.');
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    'img-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
  return {
    style: { text: `<style>${style}</style>` },
    script: { text: `<script type="module">${script}</script>` },
    policy,
  };
}

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

/** A module of ours as a part of one script: no name is exported twice, and imports come from parts before. */
const joined = (source: string): string =>
  source.replaceAll(/^import [^;]*;\n/gm, '').replaceAll(/^export (?=const|function|async)/gm, '');

/** A CommonJS library, with all of it but its exports out of sight. */
function library(name: string, wanted: string): string {
  const source = readFileSync(require.resolve(name), 'utf8');
  return `const { ${wanted} } = ((exports) => {${source}\nreturn exports;})({});`;
}

const hashOf = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;
