import { drawVersion } from '@trancendos/models/draw-version';
import { FEATURES } from '@trancendos/models/features/declare-features';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SHAPE = { members: 8, hidden: [32, 16] };

/** Versions with drawn weights of the champion's shape: 25 inputs with ReLU, and every feature twice with SiLU, the most that is served. */
export async function drawBenchVersions(): Promise<{ readonly folders: readonly string[]; readonly wipe: () => Promise<void> }> {
  const parent = await mkdtemp(join(tmpdir(), 'trancendos-bench-'));
  const names = FEATURES.map(({ name }) => name);
  const kinds = [
    { name: 'drawn-25', seed: 1, features: names.slice(-25), ...SHAPE },
    { name: 'drawn-100', seed: 2, features: [...names, ...names].slice(0, 100), activation: 'swish' as const, ...SHAPE },
  ];
  for (const kind of kinds) await drawVersion(join(parent, kind.name), kind);
  return { folders: kinds.map(({ name }) => join(parent, name)), wipe: () => rm(parent, { recursive: true }) };
}
