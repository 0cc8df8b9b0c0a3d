import { describe, expect, test } from '@jest/globals';
import { parser } from '@prometheus-io/lezer-promql';
import { renderMetrics, watchProcess } from '@trancendos/platform/metrics';
import { conditionOf } from './alert.ts';
import { alerts } from './list-alerts.ts';
import { dashboards } from './render-dashboards.ts';
import { recordingRules } from './recording-rules.ts';

watchProcess('test');
const exported = new Map([...(await renderMetrics()).matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = '', type = '']) => [name, type]));
const recorded = new Set(Object.values(recordingRules).flatMap((rules) => rules.map(({ record }) => record)));
/** Of Prometheus and Alertmanager themselves. */
const FOREIGN = new Set(['up', 'alertmanager_notifications_failed_total', 'prometheus_rule_evaluation_failures_total']);

const queries = [
  ...alerts.map((alert) => ({ where: `alert ${alert.name}`, expr: conditionOf(alert) })),
  ...Object.values(recordingRules).flatMap((rules) => rules.map(({ record, expr }) => ({ where: `record ${record}`, expr }))),
  ...dashboards.flatMap(({ uid, rows }) =>
    rows.flatMap(({ panels }) => panels.flatMap(({ title, queries: own }) => own.map(({ expr }) => ({ where: `${uid}: ${title}`, expr })))),
  ),
].map(({ where, expr }) => ({ where, expr: expr.replaceAll('$__rate_interval', '1m') }));

describe('every query', () => {
  test('is PromQL', () => {
    expect(queries.filter(({ expr }) => nodesOf(expr, '⚠').length > 0)).toEqual([]);
    expect(nodesOf('rate(x[5m]', '⚠').length).toBeGreaterThan(0); // the parser does see faults
  });

  test('asks for metrics that the services export, or that are recorded', () => {
    const unknown = queries.flatMap(({ where, expr }) =>
      nodesOf(expr, 'Identifier')
        .filter((name) => !isKnown(name))
        .map((name) => `${where}: ${name}`),
    );
    expect(unknown).toEqual([]);
  });

  test('takes rates of what only grows', () => {
    const wrong = queries.flatMap(({ where, expr }) =>
      [...expr.matchAll(/\b(?:rate|increase)\((\w+)/g)]
        .map((match) => match[1] ?? '')
        .filter((name) => exported.has(name) && exported.get(name) !== 'counter')
        .map((name) => `${where}: ${name}`),
    );
    expect(wrong).toEqual([]);
  });
});

function isKnown(name: string): boolean {
  return (
    FOREIGN.has(name) ||
    recorded.has(name) ||
    exported.has(name) ||
    exported.get(name.replace(/_(bucket|sum|count)$/, '')) === 'histogram' ||
    /^trx_nodejs_gc_/.test(name)
  );
}

function nodesOf(expr: string, kind: string): string[] {
  const found: string[] = [];
  parser.parse(expr).iterate({
    enter: (node) => {
      const isMetric = kind !== 'Identifier' || node.node.parent?.name === 'VectorSelector';
      if ((kind === '⚠' ? node.type.isError : node.name === kind) && isMetric) found.push(expr.slice(node.from, node.to));
    },
  });
  return found;
}
