import { describe, expect, test } from '@jest/globals';
import { isSingleKey } from './shortcut-book.ts';
import { showKeys } from './show-keys.ts';

describe('keys', () => {
  test.each([
    ['$mod+k', 'Ctrl K'],
    ['Shift+?', '?'],
    ['g l', 'G L'],
    ['Escape', 'Esc'],
    ['ArrowDown', '↓'],
  ])('%s reads %s', (keys, expected) => {
    expect(showKeys(keys)).toBe(expected);
  });

  test('count as single where they also write a letter, alone or one after the other', () => {
    expect(['p', 'Shift+?', 'g l'].map(isSingleKey)).toEqual([true, true, true]);
    expect(['$mod+k', 'Alt+p', 'Escape', 'ArrowDown'].map(isSingleKey)).toEqual([false, false, false, false]);
  });
});
