import type { z } from 'zod';

/** A start that cannot go on because of its environment. The message names every variable at fault, one a line, and never a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the whole configuration of a process from the environment at once. The schema's keys are the variables' names.
 * An empty variable counts as a missing one. Throws `ConfigError` when something is missing or does not fit.
 */
export function loadConfig<S extends z.ZodObject>(schema: S, environment: NodeJS.ProcessEnv = process.env): z.output<S> {
  const given = Object.fromEntries(
    Object.keys(schema.shape).map((name) => [name, environment[name] === '' ? undefined : environment[name]]),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    return given[name] === undefined ? `${name} is missing` : `${name} does not fit: ${issue.message}`;
  });
  throw new ConfigError(`the environment is not complete (see .env.example):\n  ${lines.join('\n  ')}`);
}

/** The environment to start child processes with: this process's own, changed by `overrides`; `undefined` removes a variable. */
export function childEnvironment(overrides: Record<string, string | undefined>): NodeJS.ProcessEnv {
  return { ...process.env, ...overrides };
}
