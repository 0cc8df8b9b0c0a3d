import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { renderOpenApi } from '@trancendos/contracts/render-openapi';
import openapiTS, { astToString } from 'openapi-typescript';
import { repositoryRoot } from './read-sources.ts';

const SDK = join(repositoryRoot, 'sdk');
/** Names that are not shapes of the document, but parts of one. */
const PARTS: Readonly<Record<string, string>> = {
  ProblemCode: "Problem['code']",
  OperationKind: "OperationAnswer['kind']",
  WebhookEventType: "WebhookEvent['type']",
};
const OF_CONTRACTS =
  /import type \{([^}]+)\} from '@trancendos\/contracts\/[a-z-]+'|export type \{([^}]+)\} from '@trancendos\/contracts\/[a-z-]+'/g;

/**
 * Makes the package of the SDK that merchants install, into `folder`; gives the path of the tarball. Its types are made of the OpenAPI document,
 * so it needs neither the platform's contracts nor what those are written with. `sdk/` has to be compiled.
 */
export async function packSdk(folder: string): Promise<string> {
  const staged = join(folder, 'package');
  rmSync(staged, { recursive: true, force: true });
  mkdirSync(join(staged, 'examples'), { recursive: true });
  const names = new Set<string>();
  for (const file of compiledFiles()) {
    const text = readFileSync(join(SDK, 'dist', file), 'utf8').replace(/\n\/\/# sourceMappingURL=.*\n?$/, '\n');
    for (const [, imported, exported] of text.matchAll(OF_CONTRACTS))
      for (const name of namesIn(imported ?? exported ?? '')) names.add(name);
    writeFileSync(join(staged, file), text.replaceAll(/'@trancendos\/contracts\/[a-z-]+'/g, "'./api.js'"));
  }
  writeFileSync(join(staged, 'api.d.ts'), await renderApiTypes([...names].sort()));
  writeFileSync(join(staged, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`);
  cpSync(join(SDK, 'README.md'), join(staged, 'README.md'));
  cpSync(join(repositoryRoot, 'LICENSE'), join(staged, 'LICENSE'));
  const { stdout } = await promisify(execFile)('npm', ['pack', staged, '--pack-destination', folder, '--json']);
  const [packed] = JSON.parse(stdout) as { filename: string }[];
  if (packed === undefined) throw new Error('npm pack has named no file');
  return join(folder, packed.filename);
}

/** Sources of tests stay at home, and maps lead to sources that are not there. Examples are to be read and run: they need no types. */
function compiledFiles(): string[] {
  const isPart = (file: string) => /\.(js|d\.ts)$/.test(file) && !file.includes('.test.');
  const examples = readdirSync(join(SDK, 'dist', 'examples')).filter((file) => file.endsWith('.js'));
  return [...readdirSync(join(SDK, 'dist')).filter(isPart), ...examples.map((file) => `examples/${file}`)];
}

function namesIn(list: string): string[] {
  return list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

async function renderApiTypes(names: readonly string[]): Promise<string> {
  const types = astToString(await openapiTS(renderOpenApi()));
  const aliases = names.map((name) => `export type ${name} = ${PARTS[name] ?? `components['schemas']['${name}']`};`);
  return `${types}\n${aliases.join('\n')}\n`;
}

function manifest(): object {
  const { name, version, description, license } = JSON.parse(readFileSync(join(SDK, 'package.json'), 'utf8')) as Record<string, string>;
  const exports = { '.': { types: './index.d.ts', default: './index.js' } };
  return {
    name,
    version,
    description,
    license,
    type: 'module',
    sideEffects: false,
    engines: { node: '>=20' },
    exports,
    types: './index.d.ts',
  };
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { out: { type: 'string', default: join(repositoryRoot, 'artefacts') } } });
  mkdirSync(values.out, { recursive: true });
  process.stdout.write(`${await packSdk(values.out)}\n`);
}
