import { readFileSync } from 'node:fs';
import type { z } from 'zod';

/** A start that cannot go on because of its environment. The message names every variable at fault, one a line, and never a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the whole configuration of a process from the environment at once. The schema's keys are the variables' names.
 * Any of them may be given by a file instead, which `NAME_FILE` names: secrets come so, because an environment is shown in too many places.
 * An empty variable, or file, counts as a missing one. Throws `ConfigError` when something is missing or does not fit.
 */
export function loadConfig<S extends z.ZodObject>(schema: S, environment: NodeJS.ProcessEnv = process.env): z.output<S> {
  const names = Object.keys(schema.shape);
  const values = names.map((name) => readVariable(name, environment, names.includes(`${name}_FILE`)));
  const faults = values.flatMap((value) => (typeof value === 'object' ? [value.fault] : []));
  if (faults.length > 0) throw incomplete(faults);
  const given = Object.fromEntries(names.map((name, index) => [name, values[index]]));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw incomplete(
    parsed.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      return given[name] === undefined ? `${name} is missing` : `${name} does not fit: ${issue.message}`;
    }),
  );
}

function incomplete(lines: readonly string[]): ConfigError {
  return new ConfigError(`the environment is not complete (see .env.example):\n  ${lines.join('\n  ')}`);
}

/** The value of a variable or of the file that stands for it; a fault where that cannot be said. `taken`: `NAME_FILE` has a meaning of its own. */
function readVariable(name: string, environment: NodeJS.ProcessEnv, taken: boolean): string | undefined | { readonly fault: string } {
  const value = environment[name] || undefined;
  const file = taken ? undefined : environment[`${name}_FILE`];
  if (!file) return value;
  if (value !== undefined) return { fault: `${name} and ${name}_FILE are both given: leave one out` };
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch (error) {
    return { fault: `${name}_FILE names a file that cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})` };
  }
}

/** The environment to start child processes with: this process's own, changed by `overrides`; `undefined` removes a variable. */
export function childEnvironment(overrides: Record<string, string | undefined>): NodeJS.ProcessEnv {
  return { ...process.env, ...overrides };
}
