import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { describeWith } from './describe-with.ts';
import { alerts } from './list-alerts.ts';
import { findProgram, type ObservingProgram } from './find-program.ts';
import { receiverOf } from './render-notifications.ts';
import { labelsOf } from './render-rules.ts';

const folder = import.meta.dirname;
const inFolder = (...path: string[]) => join(folder, ...path);
const filesIn = (path: string) => readdirSync(inFolder(path)).map((name) => inFolder(path, name));

/** Runs a program, and gives what it said; throws that when it has failed. */
function run(name: ObservingProgram, args: readonly string[]): string {
  const program = findProgram(name) ?? name;
  try {
    return execFileSync(program, args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${name} ${args.join(' ')}\n${stdout}${stderr}`, { cause: error });
  }
}

describe('every alert', () => {
  interface TestFile {
    readonly tests: readonly {
      readonly name: string;
      readonly alert_rule_test: readonly { readonly alertname: string; readonly exp_alerts: readonly object[] }[];
    }[];
  }
  const tests = filesIn('prometheus/tests').flatMap((file) => (parse(readFileSync(file, 'utf8')) as TestFile).tests);

  test('has a name of its own, and is tried silent, firing and cleared', () => {
    expect(new Set(alerts.map(({ name }) => name)).size).toBe(alerts.length);
    const steps = Object.fromEntries(
      tests.map(({ name, alert_rule_test }) => [
        name,
        alert_rule_test.map(({ alertname, exp_alerts }) => alertname === name && exp_alerts.length > 0),
      ]),
    );
    expect(steps).toEqual(Object.fromEntries(alerts.map(({ name }) => [name, [false, true, false]])));
  });
});

describeWith('promtool')('Prometheus', () => {
  test('takes configuration and rules', () => {
    expect(run('promtool', ['check', 'config', inFolder('prometheus/prometheus.yml')])).toContain('is valid prometheus config');
    expect(run('promtool', ['check', 'rules', ...filesIn('prometheus/rules')])).not.toContain('FAILED');
  });

  test.each(readdirSync(inFolder('prometheus/tests')))(
    'fires and clears every alert of %s',
    (file) => {
      expect(run('promtool', ['test', 'rules', inFolder('prometheus/tests', file)])).toContain('SUCCESS');
    },
    120_000,
  );
});

describeWith('amtool')('Alertmanager', () => {
  const config = inFolder('alertmanager/alertmanager.yml');

  test('takes its configuration', () => {
    expect(run('amtool', ['check-config', config])).toContain('SUCCESS');
  });

  test('tells the right people of every kind of alert', () => {
    const kinds = new Map(alerts.map((alert) => [`${alert.team} ${alert.severity}`, alert]));
    for (const alert of [...kinds.values(), ...alerts.filter(({ group }) => group === 'ledger')]) {
      const labels = Object.entries({ alertname: alert.name, ...labelsOf(alert) }).map(([name, value]) => `${name}=${value}`);
      run('amtool', ['config', 'routes', 'test', `--config.file=${config}`, `--verify.receivers=${receiverOf(alert)}`, ...labels]);
    }
  });
});
