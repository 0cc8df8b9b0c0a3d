import { cardMixWorkload } from './card-mix-workload.ts';
import { fewAccountsWorkload, hotWorkload, uniformWorkload, zipfWorkload } from './transfer-workloads.ts';
import type { Workload, WorkloadName, WorkloadOptions } from './workload.ts';

const MAKERS: Readonly<Record<WorkloadName, (options: WorkloadOptions) => Workload>> = {
  W1: uniformWorkload,
  W2: hotWorkload,
  W4: zipfWorkload,
  W5: fewAccountsWorkload,
  W10: cardMixWorkload,
};

export const WORKLOADS = Object.keys(MAKERS) as WorkloadName[];

/** The workload of that name. The numbers are those of the peers that they come from, so that figures can be compared. */
export function openWorkload(name: WorkloadName, options: WorkloadOptions): Workload {
  return MAKERS[name](options);
}
