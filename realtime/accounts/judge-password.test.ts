import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { judgePassword } from './judge-password.ts';

const judge = (password: string, name = 'ada.lovelace@example.com') => judgePassword(password, name);

describe('a password', () => {
  test.each([
    'correct horse battery staple',
    'vier kleine graue Steine',
    'f7Kq-92xw-Zt0e',
    '長い日本語のパスワードは強いです',
    'Ünïcødé wörks hêre',
  ])('such as %p is good', (password) => expect(judge(password)).toBeUndefined());

  test('needs twelve characters, however many bytes they have', () => {
    expect(judge('f7Kq-92xw-Z')).toBe('too_short');
    expect(judge('👍🎈🚀')).toBe('too_short');
    expect(judge('x7'.repeat(65))).toBe('too_long');
  });

  test.each(['Password1234', 'P@ssw0rd!2026', 'qwertyuiop12', 'iloveyou2026!', 'baseballfootball', 'superman1234', 'trustno1batman'])(
    'such as %p is what many have chosen, whatever is put around it',
    (password) => expect(judge(password)).toBe('common'),
  );

  test.each(['aaaaaaaaaaaaaaa', 'abababababab', 'abcdefghijklmno', '987654321098', 'xyzxyzxyzxyz'])(
    'such as %p repeats itself',
    (password) => expect(judge(password)).toBe('repetitive'),
  );

  test('is more than the name of its owner', () => {
    expect(judge('Lovelace-2026')).toBe('contains_name');
    expect(judge('ada.lovelace@example.com')).toBe('contains_name');
    expect(judge('lovelace and the engine', 'lovelace')).toBeUndefined();
  });

  test('of random characters is never taken for a weak one', () => {
    const characters = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';
    const random = fc
      .array(fc.nat(characters.length - 1), { minLength: 20, maxLength: 40 })
      .map((places) => places.map((place) => characters.charAt(place)).join(''));
    fc.assert(
      fc.property(random, (password) => {
        fc.pre(new Set(password).size > 12);
        expect(judge(password, 'zz')).toBeUndefined();
      }),
    );
  });
});
