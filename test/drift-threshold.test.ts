import { expect, test } from '@jest/globals';
import { thresholds } from '@trancendos/grafana/thresholds';
import { PSI_ALARM } from '@trancendos/scoring/drift/drift-watch';

test('the console calls a model drifting from where the alert of Grafana begins', () => {
  expect(PSI_ALARM).toBe(thresholds.driftPsi);
});
