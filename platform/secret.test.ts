import { expect, test } from '@jest/globals';
import { inspect } from 'node:util';
import { Secret } from './secret.ts';

test('a secret reads [secret] however it is printed, and only reveal gives it', () => {
  const secret = new Secret('postgres://a:hunter2@db/x');
  const printed = [String(secret), JSON.stringify({ secret }), inspect({ secret }), String(new Error(`no ${String(secret)}`))];
  for (const text of printed) {
    expect(text).toContain('[secret]');
    expect(text).not.toContain('hunter2');
  }
  expect(Object.keys(secret)).toEqual([]);
  expect(secret.reveal()).toBe('postgres://a:hunter2@db/x');
});
