import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

/**
 * Fails when a project lacks something that nx and Node skip without a word: a target, a tag, the one entry, an exact version.
 */

interface Manifest {
  name?: string;
  private?: boolean;
  type?: string;
  exports?: Record<string, string>;
  nx?: { tags?: string[]; targets?: Record<string, unknown> };
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

const root = resolve(import.meta.dirname, '..');
const targets = ['lint', 'test'];
const files = {
  services: ['README.md', 'src/main.ts', 'src/config.ts', 'src/app.ts'],
  libs: ['README.md', 'src/index.ts'],
  infra: ['README.md', 'src/index.ts'],
};
const tags = {
  services: ['type:service'],
  libs: ['type:lib', 'type:contract', 'type:testing'],
  infra: ['type:tool'],
};

type Kind = keyof typeof files;

const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;

function problemsOf(folder: string): string[] {
  const kind = folder.split('/')[0] as Kind;
  const { name, private: isPrivate, type, exports, nx } = manifestOf(folder);
  const entry = kind === 'services' ? undefined : './src/index.ts';
  const found = nx?.tags ?? [];
  return [
    name === `@punchcard/${basename(folder)}` ? '' : 'name is not @punchcard/ and its folder',
    isPrivate ? '' : 'private is not true',
    type === 'module' ? '' : 'type is not module',
    exports !== undefined && exports['.'] === entry ? '' : `exports has not "." as ${entry}`,
    entry || Object.keys(exports ?? {}).length === 0 ? '' : 'exports something, but nobody imports a service',
    found.length === 1 && tags[kind].includes(found[0]!) ? '' : `nx.tags is not one of ${tags[kind].join(', ')}`,
    ...targets.map((target) => (nx?.targets?.[target] ? '' : `the target ${target} is missing`)),
    ...files[kind].map((file) => (existsSync(join(root, folder, file)) ? '' : `${file} is missing`)),
  ]
    .filter((problem) => problem !== '')
    .map((problem) => `${folder}: ${problem}`);
}

/** Versions are exact, and a package has one version in the whole workspace. */
function versionProblems(folders: readonly string[]): string[] {
  const problems: string[] = [];
  const versions = new Map<string, { version: string; folder: string }>();
  for (const folder of folders) {
    const { dependencies, devDependencies } = manifestOf(folder);
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) problems.push(`${folder}: ${name} ${version} is not exact`);
      const before = versions.get(name) ?? { version, folder };
      if (before.version !== version)
        problems.push(`${folder}: ${name} ${version}, but ${before.version} in ${before.folder}`);
      versions.set(name, before);
    }
  }
  const nx = new Set([...versions].filter(([name]) => /^(nx$|@nx\/)/.test(name)).map(([, { version }]) => version));
  if (nx.size > 1) problems.push(`nx and @nx/* differ: ${[...nx].join(', ')}`);
  return problems;
}

const folders = globSync('{libs,services,infra}/*/package.json', { cwd: root })
  .map((path) => path.replace('/package.json', ''))
  .toSorted();
const problems = [...folders.flatMap(problemsOf), ...versionProblems(['.', ...folders])];
for (const problem of problems) console.error(problem);
console.log(`${folders.length} projects, ${problems.length} problems`);
process.exitCode = problems.length > 0 || folders.length === 0 ? 1 : 0;
