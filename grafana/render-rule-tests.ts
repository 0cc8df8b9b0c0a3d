import type { Alert, AlertGroup } from './alert.ts';
import { alerts } from './list-alerts.ts';
import type { RecordingPurpose } from './recording-rules.ts';
import { annotationsOf, labelsOf } from './render-rules.ts';

/** Minutes between samples, and so between evaluations, of the trials of a group: a week at once a minute would take long. */
export const stepsOf = (group: AlertGroup): number[] =>
  [...new Set(alerts.filter((alert) => alert.group === group).map(({ trial }) => trial.stepMinutes))].sort((a, b) => a - b);

/** A file for `promtool test rules`. */
export interface RuleTestFile {
  readonly group: AlertGroup;
  readonly stepMinutes: number;
  /** What has to be recorded for it. */
  readonly recorded: readonly RecordingPurpose[];
}

/** Each alert of the group with trials of that step is silent while all is well, fires with exactly these words, and ends. */
export function renderRuleTests({ group, stepMinutes, recorded }: RuleTestFile): object {
  const tried = alerts.filter((alert) => alert.group === group && alert.trial.stepMinutes === stepMinutes);
  return {
    rule_files: [...recorded.map((purpose) => `../rules/${purpose}-recording.yml`), `../rules/${group}-alerts.yml`],
    group_eval_order: [...recorded.map((purpose) => `trancendos-${purpose}-recording`), `trancendos-${group}-alerts`],
    evaluation_interval: `${stepMinutes}m`,
    tests: tried.map((alert) => {
      const { series, silentAtMinutes, firesAtMinutes, clearsAtMinutes } = alert.trial;
      const at = (minutes: number, exp_alerts: readonly object[]) => ({ eval_time: `${minutes}m`, alertname: alert.name, exp_alerts });
      return {
        name: alert.name,
        interval: `${stepMinutes}m`,
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        alert_rule_test: [at(silentAtMinutes, []), at(firesAtMinutes, expectedOf(alert)), at(clearsAtMinutes, [])],
      };
    }),
  };
}

function expectedOf(alert: Alert): object[] {
  return alert.trial.firing.map((instance) => ({
    exp_labels: { ...instance.labels, ...labelsOf(alert) },
    exp_annotations: Object.fromEntries(Object.entries(annotationsOf(alert)).map(([key, text]) => [key, fillIn(text, instance)])),
  }));
}

/** What Prometheus makes of the templates in an annotation. */
function fillIn(text: string, { labels, value }: Alert['trial']['firing'][number]): string {
  return text
    .replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_, name: string) => labels[name] ?? '')
    .replaceAll(/\{\{ \$value \| [^}]+ \}\}/g, value ?? '');
}
