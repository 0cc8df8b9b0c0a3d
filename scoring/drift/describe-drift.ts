import type { ActiveDrift, DriftMover } from '@trancendos/contracts/scoring-http';
import type { ParityReport } from '../check-parity.ts';
import type { LabelReport } from '../labels/label-watch.ts';
import { PAYMENTS_LEAST, PSI_ALARM, SCORE, WINDOW_DAYS, type DriftReport } from './drift-watch.ts';

const MOVERS_MAX = 20;

export interface WatchedReports {
  /** Null where nothing is compared. */
  readonly drift: DriftReport | null;
  readonly labels: LabelReport;
  readonly parity: (ParityReport & { readonly at: string }) | null;
}

/** What watching has found out about the model that scores, for consoles. */
export function describeDrift({ drift, labels, parity }: WatchedReports): ActiveDrift {
  const movers = (drift?.movers ?? []).map(({ name, psi, ks, steady }): DriftMover => ({ name, psi, ks: Math.min(ks, 1), steady }));
  return {
    state: stateOf(drift),
    model: drift?.model ?? null,
    window: { ...windowOf(drift), days_least: WINDOW_DAYS, payments_least: PAYMENTS_LEAST },
    psi_alarm: PSI_ALARM,
    score: movers.find(({ name }) => name === SCORE) ?? null,
    movers: movers
      .filter(({ name }) => name !== SCORE)
      .sort((one, other) => Number(isAlarming(other)) - Number(isAlarming(one)) || other.psi - one.psi)
      .slice(0, MOVERS_MAX),
    parity: parity && describeParity(parity),
    mature: labels.payments === 0 ? null : describeLabels(labels),
  };
}

function stateOf(drift: DriftReport | null): ActiveDrift['state'] {
  if (!drift) return 'unwatched';
  if (!drift.judged) return 'waiting';
  return drift.alarm ? 'drifting' : 'quiet';
}

function isAlarming({ psi, steady }: DriftMover): boolean {
  return steady && psi > PSI_ALARM;
}

function windowOf(drift: DriftReport | null): { readonly days: number; readonly payments: number } {
  return drift ? { days: drift.days, payments: drift.payments } : { days: 0, payments: 0 };
}

function describeParity({ at, compared, equal }: NonNullable<WatchedReports['parity']>): ActiveDrift['parity'] {
  return { at, compared, equal, ratio: compared === 0 ? null : equal / compared };
}

function describeLabels(labels: LabelReport): ActiveDrift['mature'] {
  return {
    payments: labels.payments,
    frauds: labels.frauds,
    auc: known(labels.auc),
    average_precision: known(labels.averagePrecision),
    alert_precision: known(labels.alertPrecision),
    alert_recall: known(labels.alertRecall),
    money_stopped: known(labels.moneyStopped),
  };
}

function known(share: number): number | null {
  return Number.isFinite(share) ? share : null;
}
