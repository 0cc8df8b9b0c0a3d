import { describe } from '@jest/globals';
import { loadConfig } from '@trancendos/platform/config';
import { z } from 'zod';
import { findProgram, type ObservingProgram } from './find-program.ts';

const TestConfig = z.object({ CI: z.string().optional() });

/** `describe` for tests that run these programs: skipped on a machine without one of them, but never in CI, where it throws. */
export function describeWith(...programs: readonly ObservingProgram[]): typeof describe | typeof describe.skip {
  const missing = programs.filter((program) => findProgram(program) === undefined);
  if (missing.length === 0) return describe;
  if (loadConfig(TestConfig).CI === 'true') throw new Error(`${missing.join(' and ')} is not here, so what needs it is not tested`);
  return describe.skip;
}
