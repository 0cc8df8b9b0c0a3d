import type { Alert, Severity, Trial } from '../alert.ts';
import { burnRate, objectives, type Objective, type Window } from '../objectives.ts';
import { thresholds } from '../thresholds.ts';
import { counter } from '../trial-series.ts';

interface Burn {
  readonly name: 'Fast' | 'Slow' | 'Steady';
  readonly severity: Severity;
  readonly threshold: number;
  readonly long: Window;
  /** Has to burn too, so that the alert ends soon after its cause. */
  readonly short: Window;
  readonly for: string;
  readonly spent: string;
}

const BURNS: readonly Burn[] = [
  { name: 'Fast', severity: 'page', threshold: thresholds.burnFast, long: '1h', short: '5m', for: '2m', spent: '2 % of it in an hour' },
  { name: 'Slow', severity: 'page', threshold: thresholds.burnSlow, long: '6h', short: '30m', for: '15m', spent: '5 % of it in six hours' },
  {
    name: 'Steady',
    severity: 'ticket',
    threshold: thresholds.burnSteady,
    long: '3d',
    short: '6h',
    for: '1h',
    spent: '10 % of it in three days',
  },
];

const PER_STEP = 1_000;
const BAD_SHARE = 0.25;

/** By the long window: minutes between samples, steps of calm, and steps when a quarter is bad, a little longer than the window. */
const TIMELINES: Readonly<Record<Burn['name'], { stepMinutes: number; calm: number; bad: number; clearAfter: number }>> = {
  Fast: { stepMinutes: 1, calm: 20, bad: 70, clearAfter: 10 },
  Slow: { stepMinutes: 5, calm: 20, bad: 80, clearAfter: 10 },
  Steady: { stepMinutes: 30, calm: 20, bad: 150, clearAfter: 14 },
};

/** Three rules for every objective: the faster its error budget of 30 days is spent, the sooner somebody is told. */
export const sloAlerts: readonly Alert[] = objectives.flatMap((objective) => BURNS.map((burn) => alertOn(objective, burn)));

function alertOn(objective: Objective, burn: Burn): Alert {
  return {
    name: `${objective.alert}${burn.name}`,
    family: objective.alert,
    group: 'slo',
    team: 'on-call',
    severity: burn.severity,
    measure: burnRate(objective, burn.long),
    comparison: '>',
    threshold: burn.threshold,
    provided: `and (${burnRate(objective, burn.short)} > ${burn.threshold})`,
    for: burn.for,
    summary: `${objective.title}: the error budget burns ${burn.threshold} times too fast`,
    description: `${objective.promise} Over ${burn.long} the error budget was spent {{ $value | humanize }} times faster than that allows: ${burn.spent}.`,
    dashboard: 'trx-slo',
    labels: { slo: objective.id, pace: burn.name.toLowerCase() },
    trial: trialOf(objective, burn),
  };
}

/** All is well, then a quarter of all events is bad, then all is well again. */
function trialOf({ id, target, series }: Objective, { name }: Burn): Trial {
  const { stepMinutes, calm, bad, clearAfter } = TIMELINES[name];
  const timeline = (perStep: number, perBadStep: number) =>
    counter({ steps: calm, perStep }, { steps: bad, perStep: perBadStep }, { steps: calm, perStep });
  const good = timeline(PER_STEP, PER_STEP * (1 - BAD_SHARE));
  // Errors have a series of their own; what is slow is counted among all.
  const other = id === 'decision_availability' ? timeline(0, PER_STEP * BAD_SHARE) : timeline(PER_STEP, PER_STEP);
  return {
    stepMinutes,
    series: { [series.all]: other, [series.good]: good },
    silentAtMinutes: (calm - 1) * stepMinutes,
    firesAtMinutes: (calm + bad - 1) * stepMinutes,
    clearsAtMinutes: (calm + bad + clearAfter) * stepMinutes,
    firing: [{ labels: { slo: id }, value: String(Math.round(BAD_SHARE / (1 - target))) }],
  };
}
