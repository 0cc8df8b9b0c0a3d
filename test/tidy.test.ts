import { describe, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import ts from 'typescript';
import { importsOf, readSources, repositoryRoot, type SourceFile } from './read-sources.ts';

const SERVICES = ['ingest', 'scoring', 'ledger', 'realtime', 'review'];
const LINES_A_FILE = 400;
const LINES_A_FUNCTION = 70;

const code = readSources(/\.(ts|tsx|mjs)$/);
const typescript = code.filter(({ path }) => /\.tsx?$/.test(path));
const manifests = readSources(/^(grafana|k8s|docker|docs)\/.*\.(ya?ml|json|md)$/);
const documents = readSources(/^(docs\/.*|README|ARCHITECTURE)\.?m?d?$/).filter(({ path }) => path.endsWith('.md'));
const packageOf = (path: string) => path.split('/')[0] ?? '';

describe('the boundaries', () => {
  test('no service imports another service', () => {
    const crossings = typescript
      .filter(({ path }) => SERVICES.includes(packageOf(path)))
      .flatMap((file) =>
        importsOf(file)
          .map((name) => /^@trancendos\/([a-z]+)/.exec(name)?.[1] ?? packageOf(posix.normalize(posix.join(posix.dirname(file.path), name))))
          .filter((target) => SERVICES.includes(target) && target !== packageOf(file.path))
          .map((target) => `${file.path} imports ${target}`),
      );
    expect(crossings).toEqual([]);
  });

  test('contracts and platform know no service and no model', () => {
    const upwards = typescript
      .filter(({ path }) => ['contracts', 'platform', 'models'].includes(packageOf(path)))
      .flatMap((file) =>
        importsOf(file).filter((name) => new RegExp(`^@trancendos/(${[...SERVICES, 'local', 'bench', 'test'].join('|')})/`).test(name)),
      );
    expect(upwards).toEqual([]);
  });

  test('only platform/config.ts reads the environment', () => {
    const readers = typescript.filter(
      ({ path, text }) => /process\.env\b/.test(text) && !/(^platform\/config|\.config|tidy\.test)\.ts$/.test(path),
    );
    expect(readers.map(({ path }) => path)).toEqual([]);
  });

  test('domain files of services know no framework', () => {
    const shell = /(^|\/)(main|serve-[a-z-]+|[a-z-]+\.(module|controller|guard))(\.[a-z]+)*\.ts$/;
    const leaks = typescript
      .filter(({ path }) => SERVICES.includes(packageOf(path)) && !shell.test(path) && !path.endsWith('.test.ts'))
      .filter((file) => importsOf(file).some((name) => /^(@nestjs\/|fastify$|@fastify\/)/.test(name)));
    expect(leaks.map(({ path }) => path)).toEqual([]);
  });

  test('only platform speaks to Kafka through its driver', () => {
    const speakers = typescript.filter(
      (file) => importsOf(file).includes('kafkajs') && !/^(platform|local|test)\/|\.test\.ts$/.test(file.path),
    );
    expect(speakers.map(({ path }) => path)).toEqual([]);
  });

  test('files import each other in no circle', () => {
    expect(circles(typescript)).toEqual([]);
  });
});

describe('the names', () => {
  test('every metric that a manifest or document names exists', () => {
    const declared = code.find(({ path }) => path === 'platform/metrics.ts')?.text ?? '';
    const names = new Set([...declared.matchAll(/name: '(trx_[a-z0-9_]+)'/g)].map((match) => match[1]));
    const unknown = [...manifests, ...documents].flatMap(({ path, text }) =>
      [...text.matchAll(/\btrx_[a-z0-9_]+/g)]
        .map(([name]) => name.replace(/_(bucket|sum|count)$/, ''))
        .filter((name) => !names.has(name) && !/^trx_(nodejs|process)_/.test(name) && !/^trx_(test|live)/.test(name))
        .map((name) => `${path}: ${name}`),
    );
    expect(unknown).toEqual([]);
  });

  test('every topic that a manifest or document names is in the topics table', () => {
    const table = code.find(({ path }) => path === 'contracts/topics.ts')?.text ?? '';
    const names = new Set([...table.matchAll(/name: '([a-z-]+\.v\d+)'/g)].map((match) => match[1]));
    const unknown = [...manifests, ...documents].flatMap(({ path, text }) =>
      [...text.matchAll(/(?<![\w./-])([a-z]+(?:-[a-z]+)*\.v\d+)\b/g)]
        .filter(([, name]) => !names.has(name))
        .map(([name]) => `${path}: ${name}`),
    );
    expect(unknown).toEqual([]);
  });

  test('every variable of a service is in .env.example', () => {
    const [example] = readSources(/^\.env\.example$/);
    const variables = typescript
      .filter(({ path }) => /(^|\/)config(-fields)?\.ts$/.test(path))
      .flatMap(({ text }) => [...text.matchAll(/^\s+([A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+):/gm)].map((match) => match[1] ?? ''));
    expect(variables.length).toBeGreaterThan(10);
    expect(variables.filter((name) => !new RegExp(`^#? ?${name}=`, 'm').test(example?.text ?? ''))).toEqual([]);
  });

  test('no drawer is called utils, helpers, common, shared or manager', () => {
    expect(
      code.map(({ path }) => path).filter((path) => /(^|\/)(utils?|helpers?|common|shared|[a-z-]*manager)(\/|\.)/i.test(path)),
    ).toEqual([]);
  });

  test('files that documents cite exist', () => {
    const folders = [
      'contracts',
      'platform',
      ...SERVICES,
      'console',
      'models',
      'local',
      'bench',
      'test',
      'docs',
      'docker',
      'grafana',
      'k8s',
    ].join('|');
    const missing = documents.flatMap(({ path, text }) =>
      [...text.matchAll(new RegExp(`(?<![\\w/.-])((?:${folders})/[\\w./-]*[\\w/])`, 'g'))]
        .map((match) => match[1] ?? '')
        .filter((cited) => !/\bdist\b/.test(cited) && !existsSync(join(repositoryRoot, cited)))
        .map((cited) => `${path}: ${cited}`),
    );
    expect(missing).toEqual([]);
  });
});

describe('the sizes', () => {
  test(`no file is longer than ${LINES_A_FILE} lines`, () => {
    expect(code.filter(({ text }) => text.split('\n').length > LINES_A_FILE + 1).map(({ path }) => path)).toEqual([]);
  });

  test(`no function is longer than ${LINES_A_FUNCTION} lines, tests excepted`, () => {
    expect(typescript.filter(({ path }) => !/\.test\.tsx?$/.test(path)).flatMap(longFunctions)).toEqual([]);
  });

  test('ARCHITECTURE.md stays within 200 lines', () => {
    const [architecture] = readSources(/^ARCHITECTURE\.md$/);
    expect(architecture?.text.split('\n').length).toBeLessThanOrEqual(201);
  });
});

describe('what must not be here', () => {
  test('no work is left for later in a comment', () => {
    const later = new RegExp(['TO', 'DO|FIX', 'ME|XX', 'X\\b'].join(''));
    expect(code.filter(({ text }) => later.test(text)).map(({ path }) => path)).toEqual([]);
  });

  test('the lockfile carries no download addresses', () => {
    const [lock] = readSources(/^package-lock\.json$/);
    expect(/"resolved": "https?:/.test(lock?.text ?? '')).toBe(false);
  });

  test('every linter rule that is switched off says why', () => {
    const silent = code.flatMap(({ path, text }) =>
      [...text.matchAll(/eslint-disable(?:-next-line|-line)?(?![^\n]*--)[^\n]*/g)].map(([found]) => `${path}: ${found}`),
    );
    expect(silent.filter((line) => !line.startsWith('test/tidy.test.ts'))).toEqual([]);
  });
});

function longFunctions({ path, text }: SourceFile): string[] {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body) {
      const lines = text
        .slice(node.getStart(tree), node.end)
        .split('\n')
        .filter((line) => line.trim() !== '' && !/^\s*(\/\/|\*|\/\*)/.test(line));
      if (lines.length > LINES_A_FUNCTION)
        found.push(`${path}:${tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1} ${lines.length} lines`);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function circles(files: readonly SourceFile[]): string[] {
  const known = new Set(files.map(({ path }) => path));
  const edges = new Map(files.map((file) => [file.path, importsOf(file).flatMap((name) => resolveImport(file, name, known))]));
  const state = new Map<string, 'open' | 'done'>();
  const found: string[] = [];
  const visit = (path: string, trail: string[]): void => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      found.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
      return;
    }
    state.set(path, 'open');
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
    state.set(path, 'done');
  };
  for (const path of known) visit(path, []);
  return found;
}

function resolveImport(file: SourceFile, name: string, known: ReadonlySet<string>): string[] {
  const own = /^@trancendos\/([a-z]+)\/(.+)$/.exec(name);
  const target = own ? `${own[1]}/${own[2]}.ts` : name.startsWith('.') ? posix.join(dirname(file.path), name) : '';
  const typeOnly = new RegExp(`import type[^;]*['"]${name.replace(/[.*+?^$()|[\]\\]/g, '\\$&')}['"]`).test(file.text);
  return known.has(target) && !typeOnly ? [target] : [];
}
