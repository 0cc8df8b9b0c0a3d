import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { z } from 'zod';
import { logFields } from '@trancendos/platform/config-fields';
import { repositoryRoot } from './read-sources.ts';

export const SERVICES = ['ingest', 'scoring', 'ledger', 'review', 'realtime'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** What a service asks of whoever runs it, from its own schema. */
export interface ServiceFacts {
  readonly name: ServiceName;
  /** Every variable that it reads. */
  readonly variables: ReadonlySet<string>;
  /** Those without a default: it does not start without them. */
  readonly required: readonly string[];
  readonly port: number;
  readonly metricsPort: number;
}

/** Reads what the configuration of a service says: the source in tests, what is compiled in programs. */
export async function readFacts(name: ServiceName): Promise<ServiceFacts> {
  const file = import.meta.filename.endsWith('.ts') ? 'config.ts' : join('dist', 'config.js');
  const module = (await import(pathToFileURL(join(repositoryRoot, name, file)).href)) as Record<string, z.ZodObject>;
  const shape = module[`${name[0]?.toUpperCase()}${name.slice(1)}Config`]?.shape as Record<string, z.ZodType> | undefined;
  if (shape === undefined) throw new Error(`${name}/config.ts exports no schema of its own name`);
  const defaultOf = (variable: string) => shape[variable]?.safeParse(undefined);
  const prefix = name.toUpperCase();
  return {
    name,
    variables: new Set([...Object.keys(shape), ...Object.keys(logFields)]),
    required: Object.keys(shape).filter((variable) => defaultOf(variable)?.success === false),
    port: Number(defaultOf(`${prefix}_PORT`)?.data),
    metricsPort: Number(defaultOf(`${prefix}_METRICS_PORT`)?.data),
  };
}

/** Faults of an environment for a service: names that it does not read, and names that it needs. `NAME_FILE` stands for `NAME`. */
export function environmentFaults({ variables, required }: ServiceFacts, names: readonly string[]): string[] {
  const meant = names.map((name) => (variables.has(name) ? name : name.replace(/_FILE$/, '')));
  return [
    ...meant.filter((name) => !variables.has(name)).map((name) => `${name} is read by nothing`),
    ...required.filter((name) => !meant.includes(name)).map((name) => `${name} is missing`),
  ];
}
