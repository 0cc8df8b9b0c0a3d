import { burnRate, errorRatio, objectives } from '../objectives.ts';
import { panelOf, type DashboardSpec } from '../panel.ts';

/** Whether promises are kept, and how long they will be if it goes on like this. */
export const slo: DashboardSpec = {
  uid: 'trx-slo',
  title: 'Service levels',
  description: 'For each promise: how much of it was kept, how fast its error budget is spent, and at which speed somebody is told.',
  rows: objectives.map((objective) => ({
    title: objective.title,
    panels: [
      {
        title: 'Kept over three days',
        description: `${objective.promise} This is the share that was.`,
        unit: 'percentunit' as const,
        kind: 'stat' as const,
        queries: [{ expr: `1 - ${errorRatio(objective, '3d')}`, legend: 'kept' }],
      },
      {
        title: 'Budget spent in three days',
        description: 'Share of the error budget of 30 days that the last three days have taken. A tenth is the pace that lasts.',
        unit: 'percentunit' as const,
        kind: 'stat' as const,
        queries: [{ expr: `(${burnRate(objective, '3d')}) / 10`, legend: 'spent' }],
      },
      {
        title: 'Kept over five minutes',
        description: `${objective.promise} Share of the last five minutes.`,
        unit: 'percentunit' as const,
        kind: 'timeseries' as const,
        queries: [{ expr: `1 - ${errorRatio(objective, '5m')}`, legend: 'kept' }],
      },
      panelOf(`${objective.alert}Fast`, { title: 'Burn rate over an hour', unit: 'none', legend: 'times too fast', width: 8 }),
      panelOf(`${objective.alert}Slow`, { title: 'Burn rate over six hours', unit: 'none', legend: 'times too fast', width: 8 }),
      panelOf(`${objective.alert}Steady`, { title: 'Burn rate over three days', unit: 'none', legend: 'times too fast', width: 8 }),
    ],
  })),
};
