import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { assemblePage } from './assemble-page.ts';
import { buildPart } from './build-part.ts';
import { builtRoot, PART_IDS, type PartId } from './console-parts.ts';

const isPart = (name: string): name is PartId => (PART_IDS as readonly string[]).includes(name);

/** Builds the parts that are named, or all of them, and puts them online. */
async function buildConsole(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !isPart(name));
  if (unknown.length > 0) throw new Error(`there is no part ${unknown.join(', ')}; the parts are ${PART_IDS.join(', ')}`);
  mkdirSync(join(builtRoot, 'assets'), { recursive: true });
  for (const id of names.length === 0 ? PART_IDS : names.filter(isPart)) {
    const { version } = await buildPart(id);
    process.stdout.write(`${id} ${version}\n`);
  }
  assemblePage();
}

await buildConsole(process.argv.slice(2));
