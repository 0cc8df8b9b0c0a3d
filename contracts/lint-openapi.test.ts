import { expect, test } from '@jest/globals';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { renderOpenApi } from './render-openapi.ts';

test('the OpenAPI document has no finding of a linter that is not ours', async () => {
  const config = await createConfig({ extends: ['recommended'] });
  const problems = await lintFromString({ source: renderOpenApi(), config });
  expect(problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer ?? ''}`)).toEqual([]);
});
