import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';
import { punchcard } from './tools/lint-rules.js';

const tests = ['**/*.test.ts', '**/test/**/*.ts', 'libs/testing/**/*.ts', 'e2e/**/*.ts', 'benchmarks/**/*.ts'];
const commands = ['infra/local/**/*.ts', 'tools/**', 'loadtests/**', 'benchmarks/**/*.ts', '*.config.js'];

const restrict = (name, patterns) => ({
  files: [`services/*/src/**/${name}`, `services/*/src/**/*-${name}`],
  ignores: tests,
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      { patterns: patterns.map((pattern) => ({ ...pattern, allowTypeImports: true, message: `Not from ${name}.` })) },
    ],
  },
});

/** What a file may be depends on its name. `packages` are off limits for it, and so are `files` of its own service. */
const layers = {
  'store.ts': {
    packages: ['express', 'kafkajs', 'ioredis', '@punchcard/messaging', '@punchcard/service-kit'],
    files: ['routes', 'views', 'on-*', 'app'],
  },
  'views.ts': {
    packages: ['express', 'kafkajs', 'ioredis', '@punchcard/messaging', '@punchcard/service-kit'],
    files: ['routes', 'store', 'on-*', 'app'],
  },
  'routes.ts': {
    packages: ['express', 'postgres', 'kafkajs', 'ioredis', '@punchcard/messaging'],
    files: ['on-*', 'app'],
  },
  '{on-*,events}.ts': {
    packages: ['express', 'postgres', 'kafkajs', 'ioredis', '@punchcard/service-kit'],
    files: ['routes', 'views', 'app'],
  },
};

const layerRules = [
  // Rules are pure: an allow-list, because "anything else" has no end.
  restrict('rules.ts', [{ regex: String.raw`^(?!@punchcard/contracts$|\.\.?/([\w-]+/)*([\w-]+-)?rules\.ts$)` }]),
  ...Object.entries(layers).map(([name, { packages, files }]) =>
    restrict(name, [{ group: [...packages, ...files.flatMap((file) => [`**/${file}.ts`, `**/*-${file}.ts`])] }]),
  ),
];

/** Who may import whom, by the tag in each package.json. */
const depConstraints = [
  { sourceTag: 'type:service', onlyDependOnLibsWithTags: ['type:lib', 'type:contract', 'type:testing'] },
  { sourceTag: 'type:lib', onlyDependOnLibsWithTags: ['type:lib', 'type:contract', 'type:testing'] },
  {
    sourceTag: 'type:contract',
    onlyDependOnLibsWithTags: ['type:contract'],
    allowedExternalImports: ['uuid', 'zod', '@jest/globals', 'fast-check'],
  },
  { sourceTag: 'type:testing', onlyDependOnLibsWithTags: ['type:lib', 'type:contract', 'type:tool'] },
  { sourceTag: 'type:tool', onlyDependOnLibsWithTags: ['type:lib', 'type:contract', 'type:testing'] },
];

// Their tests use the test kit, which is made of them.
const testedByTheKit = ['database', 'messaging', 'service-kit', 'local'].map((name) => [
  `@punchcard/${name}`,
  '@punchcard/testing',
]);

export default tseslint.config(
  { ignores: ['**/node_modules/', '.local/', '.nx/', '**/coverage/', 'loadtests/scripts/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...tseslint.configs.recommended,
  {
    plugins: { '@nx': nx, punchcard },
    rules: {
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 60 }],
      'max-params': ['error', 3],
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'The environment is read in config.ts, by loadConfig.' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Exports have names.' },
        { selector: 'ExportAllDeclaration[exported=null]', message: 'Name what is exported.' },
      ],
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['@punchcard/testing'], message: 'The test kit is for tests.' }] },
      ],
      'punchcard/disable-with-reason': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@nx/enforce-module-boundaries': [
        'error',
        { depConstraints, ignoredCircularDependencies: testedByTheKit, allow: [] },
      ],
    },
  },
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/only-throw-error': ['error', { allowThrowingUnknown: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  ...layerRules,
  {
    files: ['services/*/src/**/*.ts'],
    ignores: tests,
    rules: { 'punchcard/sql-in-stores': 'error', 'punchcard/sql-names-partner': 'error' },
  },
  {
    files: ['**/config.ts', 'libs/service-kit/src/{config,load-config,telemetry}.ts', ...commands, ...tests],
    rules: { 'no-restricted-properties': 'off' },
  },
  { files: commands, rules: { 'no-console': 'off' } },
  { files: ['*.config.js'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: tests,
    rules: { 'max-lines': 'off', 'max-lines-per-function': 'off', 'no-restricted-imports': 'off' },
  },
);
