import { describe, expect, test } from '@jest/globals';
import { FEATURE_COUNT } from '@trancendos/models/features/declare-features';
import { openLog } from '@trancendos/platform/log';
import { holdModel } from './hold-model.ts';

const log = openLog('scoring', { LOG_LEVEL: 'fatal', LOG_FORMAT: 'json' });

describe('the model that scores', () => {
  test('is the version that is asked for, and gives every row its own opinion over more than one chunk', async () => {
    const model = await holdModel('luminous-1', log);
    const rows = 300;
    const features = new Float64Array(rows * FEATURE_COUNT);
    for (let row = 0; row < rows; row++) {
      features.set(model.version!.manifest.baseline, row * FEATURE_COUNT);
      features[row * FEATURE_COUNT] = row;
    }
    const opinions = model.opine(features, rows);
    expect(opinions).toHaveLength(rows);
    const alone = model.opine(features.slice(280 * FEATURE_COUNT), 1);
    expect(opinions[280]).toEqual(alone[0]);
    expect(opinions[280]).toMatchObject({ kind: 'scored', model: expect.stringMatching(/^luminous-1@[0-9a-f]{6}$/) });
  });

  test('is none where the version is missing, and every opinion says so', async () => {
    const model = await holdModel('luminous-999', log);
    expect(model.version).toBeNull();
    expect(model.opine(new Float64Array(FEATURE_COUNT), 1)).toEqual([{ kind: 'unavailable' }]);
  });

  test('says that it has no score where a feature is no number', async () => {
    const model = await holdModel('luminous-1', log);
    const features = new Float64Array(2 * FEATURE_COUNT);
    features[3] = NaN;
    expect(model.opine(features, 2).map(({ kind }) => kind)).toEqual(['invalid', 'scored']);
  });
});
