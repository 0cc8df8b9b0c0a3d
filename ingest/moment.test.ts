import { expect, test } from '@jest/globals';
import { Moment } from './moment.ts';

test('a moment tells its listeners once, and nobody who has asked to be forgotten or comes later', () => {
  const told: string[] = [];
  const moment = new Moment();
  const forgotten = () => told.push('forgotten');
  moment.tell(() => told.push('first'));
  moment.tell(forgotten);
  moment.tell(() => told.push('second'));
  moment.forget(forgotten);
  moment.forget(forgotten);
  expect(moment.hasCome).toBe(false);
  moment.come();
  moment.tell(() => told.push('late'));
  moment.come();
  expect([moment.hasCome, told]).toEqual([true, ['first', 'second']]);
});

test('a listener may forget another one, or itself, while it is told', () => {
  const told: string[] = [];
  const moment = new Moment();
  const first = () => {
    told.push('first');
    moment.forget(first);
    moment.forget(second);
  };
  const second = () => told.push('second');
  moment.tell(first);
  moment.tell(second);
  moment.come();
  expect(told).toEqual(['first', 'second']);
});
