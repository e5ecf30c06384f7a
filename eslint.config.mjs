import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import hooks from 'eslint-plugin-react-hooks';

const nodeGlobals = {
  process: 'readonly',
  console: 'readonly',
  Buffer: 'readonly',
  URL: 'readonly',
  fetch: 'readonly',
  setTimeout: 'readonly',
  clearTimeout: 'readonly',
  setInterval: 'readonly',
  clearInterval: 'readonly',
  module: 'writable',
  require: 'readonly',
  __dirname: 'readonly',
  performance: 'readonly',
  AbortSignal: 'readonly',
  AbortController: 'readonly',
  Response: 'readonly',
  structuredClone: 'readonly',
};

/**
 * Newer than the oldest browsers that are promised (docs/install.md), or missing on a page without TLS. Methods that are
 * newer than ES2022 do not compile (`lib` of tsconfig.json).
 */
const MISSING_IN_BROWSERS = [
  ['AbortSignal', 'any', 'Use eitherSignal (extension/src/worker).'],
  ['AbortSignal', 'timeout', 'Use an AbortController and setTimeout.'],
  ['crypto', 'randomUUID', 'It is missing on a page without TLS.'],
  ['crypto', 'subtle', 'It is missing on a page without TLS: use sha256 of core.'],
  ['navigator', 'storage', 'It is missing on a page without TLS.'],
].map(([object, property, message]) => ({ object, property, message }));

export default tseslint.config(
  { ignores: ['**/node_modules/', '**/dist/', '.cache/', 'coverage/', 'out/'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    languageOptions: { globals: nodeGlobals },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    // Shipped as they are, to run in a browser.
    files: ['extension/public/*.js'],
    languageOptions: { globals: { window: 'readonly', document: 'readonly' } },
  },
  {
    // Rules that need types: a promise nobody waits for hides its error.
    files: ['**/*.{ts,tsx}'],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    files: ['**/*.{ts,tsx}'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
    },
  },
  {
    files: ['{core,phantom,extension,mode}/src/**/*.{ts,tsx}', 'extension/public/*.js'],
    ignores: ['**/*.test.*'],
    rules: { 'no-restricted-properties': ['error', ...MISSING_IN_BROWSERS] },
  },
  {
    files: ['{extension,tools}/src/**/*.{ts,tsx}'],
    ignores: ['**/*.test.*'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: 'node:crypto',
              importNames: ['createHash'],
              message: 'Use sha256 or startSha256 of core.',
            },
          ],
        },
      ],
    },
  },
  {
    // A fixed wait is too long on most days and too short on a bad one. These two ask again until it is so.
    files: ['test/**/*.{ts,tsx}'],
    ignores: ['test/browser/becomes.ts', 'test/support/orthanc.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'setTimeout', message: 'Wait for an event, or use becomes (test/browser).' },
      ],
      'no-restricted-properties': [
        'error',
        {
          property: 'waitForTimeout',
          message: 'Wait for an event, or use becomes (test/browser).',
        },
      ],
    },
  },
  {
    files: ['extension/src/**/*.tsx'],
    plugins: { 'react-hooks': hooks },
    rules: hooks.configs.recommended.rules,
  },
  {
    // Pure core: no viewer, no DOM, no file system.
    files: ['core/src/**/*.ts', 'phantom/src/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        'window',
        'document',
        'navigator',
        'process',
        'localStorage',
      ],
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            'fs',
            'node:*',
            'react',
            '@ohif/*',
            '@cornerstonejs/core',
            '@cornerstonejs/tools',
          ],
        },
      ],
    },
  }
);
