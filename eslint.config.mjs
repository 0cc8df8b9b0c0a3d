import js from '@eslint/js';
import globals from 'globals';
import hooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const SERVICES = ['ingest', 'scoring', 'ledger', 'realtime', 'review'];

/** Budgets that keep every file readable on a few screens. */
const budgets = {
  'max-lines': ['error', { max: 400 }],
  'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
  'max-params': ['error', 4],
  complexity: ['error', 12],
};

const noEnvironment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Only platform/config.ts reads the environment.',
};
const noDefaultExport = { selector: 'ExportDefaultDeclaration', message: 'Export by name.' };

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.local/**', 'artefacts/**', 'contracts/schemas/**', 'models/versions/**'] },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      ...budgets,
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true, allowStaticOnly: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-console': 'error',
      'no-restricted-syntax': ['error', noEnvironment, noDefaultExport],
    },
  },
  {
    files: SERVICES.map((service) => `${service}/**/*.ts`),
    ignores: ['**/main.ts', '**/*.module.ts', '**/serve-*.ts', '**/*.controller.ts', '**/*.guard.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['@nestjs/*', 'fastify', '@fastify/*'],
              message: 'Domain files know no framework: keep it in main.ts, *.module.ts, *.controller.ts or serve-*.ts.',
            },
          ],
        },
      ],
    },
  },
  { files: ['console/**/*.{ts,tsx}'], languageOptions: { globals: globals.browser }, extends: [hooks.configs.flat['recommended-latest']] },
  {
    files: ['**/*.test.ts', '**/*.test.tsx', 'test/**/*.ts'],
    rules: { 'max-lines-per-function': 'off', '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  { files: ['platform/config.ts'], rules: { 'no-restricted-syntax': ['error', noDefaultExport] } },
  { files: ['**/*.config.ts'], rules: { 'no-restricted-syntax': ['error', noEnvironment] } },
  { files: ['**/*.mjs', '**/*.js'], languageOptions: { globals: globals.node }, rules: { ...budgets } },
);
