import type { Capability } from '@trancendos/contracts/session';
import { callerOf } from '@trancendos/platform/verify-callers';
import type { Refusal } from './problem-reply.ts';

interface AskedRequest {
  readonly routeOptions: { readonly url?: string | undefined };
  readonly query: unknown;
}

/** Whether the caller, where there is one, may read this: a refusal that names what is missing, or undefined. */
export function checkCapability(request: AskedRequest): Refusal | undefined {
  const caller = callerOf(request);
  const missing = caller && neededFor(request).filter((capability) => !caller.capabilities.includes(capability));
  if (!missing?.length) return undefined;
  return { code: 'forbidden', detail: `It takes ${missing.join(' and ')}: ask an admin for a role that has it.` };
}

function neededFor({ routeOptions, query }: AskedRequest): Capability[] {
  if (routeOptions.url !== '/v1/insights') return ['decisions:read'];
  const isExport = (query as { format?: unknown }).format === 'csv';
  return isExport ? ['insights:read', 'insights:export'] : ['insights:read'];
}
