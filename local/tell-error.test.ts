import { expect, test } from '@jest/globals';
import { tellError } from './tell-error.ts';

test.each([
  [new Error('it broke'), 'it broke'],
  [Object.assign(new AggregateError([new Error('one')]), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
  ['only a text', 'only a text'],
  [undefined, 'undefined'],
])('%p is told as %s', (error, words) => {
  expect(tellError(error)).toBe(words);
});
