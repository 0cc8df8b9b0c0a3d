import { expect, test } from '@jest/globals';
import { FollowedAccounts } from './followed-accounts.ts';

test('two panels follow what either shows, and what one gives up stays followed for the other', () => {
  let changes = 0;
  const followed = new FollowedAccounts(() => (changes += 1));
  const first = followed.follow(['a', 'b']);
  const second = followed.follow(['b', 'c']);
  expect(followed.all()).toEqual(['b', 'c', 'a']);
  first();
  first();
  expect([followed.all(), changes]).toEqual([['b', 'c'], 3]);
  second();
  expect(followed.all()).toEqual([]);
});

test('of more accounts than a connection may follow, those asked for last are followed', () => {
  const followed = new FollowedAccounts(() => undefined);
  followed.follow(Array.from({ length: 20 }, (_, index) => `old-${index}`));
  followed.follow(['new']);
  expect([followed.all().length, followed.all()[0]]).toEqual([20, 'new']);
});
