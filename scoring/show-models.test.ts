import { expect, test } from '@jest/globals';
import { metrics } from '@trancendos/platform/metrics';
import type { LoadedModel } from './load-model.ts';
import { showModels } from './show-models.ts';

const version = (label: string) => ({ label }) as LoadedModel;
const shown = async () => (await metrics.modelActive.get()).values.map(({ labels, value }) => [labels.role, labels.model, value]);

test('shows which versions score in which role, and forgets those that no longer do', async () => {
  showModels({ champion: version('luminous-2@a'), fallback: version('luminous-3@b'), challengers: [version('luminous-4@c')] });
  expect(await shown()).toEqual([
    ['champion', 'luminous-2@a', 1],
    ['fallback', 'luminous-3@b', 1],
    ['challenger', 'luminous-4@c', 1],
  ]);
  showModels({ champion: null, fallback: version('luminous-3@b'), challengers: [] });
  expect(await shown()).toEqual([['fallback', 'luminous-3@b', 1]]);
});
