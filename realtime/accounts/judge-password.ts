import type { PasswordWeakness } from '@trancendos/contracts/console-problem';
import { PASSWORD_LENGTH } from '@trancendos/contracts/session';
import { dictionary } from '@zxcvbn-ts/language-common';

/** What people have chosen again and again, from leaked lists: some 50,000, in small letters. */
const COMMON: ReadonlySet<string> = new Set((dictionary['passwords-common'] as readonly string[]).map((word) => word.toLowerCase()));
const COMMON_LENGTH = [...COMMON].reduce((longest, word) => Math.max(longest, word.length), 0);
/** A shorter word of the list is part of many good passwords. */
const WORD_LENGTH_MIN = 5;
/** A common word is worth as much as this many characters that nobody can guess: three alone are not enough, four words make a passphrase. */
const WORD_WORTH = 3;
/** What has to be left of a password without its runs, or without a name. */
const OWN_CHARACTERS_MIN = 6;
const DIFFERENT_CHARACTERS_MIN = 5;
const NAME_PART_LENGTH_MIN = 4;
const LOOKALIKES: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'l',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

/**
 * What makes a password easy to guess; undefined where nothing does. No rules about kinds of characters: they lead to `Password1!`.
 * `name` is the account's.
 */
export function judgePassword(password: string, name: string): PasswordWeakness | undefined {
  const characters = Array.from(password.normalize('NFKC'));
  if (characters.length < PASSWORD_LENGTH.min) return 'too_short';
  if (characters.length > PASSWORD_LENGTH.max) return 'too_long';
  const typed = characters.join('').toLowerCase();
  if (new Set(typed).size < DIFFERENT_CHARACTERS_MIN || isRepetition(typed) || withoutRuns(typed).length < OWN_CHARACTERS_MIN)
    return 'repetitive';
  if (nameParts(name).some((part) => typed.replaceAll(part, '').length < OWN_CHARACTERS_MIN)) return 'contains_name';
  return [typed, plainSpelling(typed)].some((spelling) => worthOf(spelling) < PASSWORD_LENGTH.min) ? 'common' : undefined;
}

function isRepetition(text: string): boolean {
  return (text + text).indexOf(text, 1) < text.length;
}

/** Of runs such as `1234`, `fedcba` or `aaaa` only the first two characters. */
function withoutRuns(text: string): string {
  const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const step = (place: number) => (codes[place] ?? 0) - (codes[place - 1] ?? 0);
  return Array.from(text)
    .filter((_, place) => place < 2 || Math.abs(step(place)) > 1 || step(place) !== step(place - 1))
    .join('');
}

function nameParts(name: string): string[] {
  return [name, ...name.split(/[^a-z0-9]+/)].filter((part) => part.length >= NAME_PART_LENGTH_MIN);
}

function plainSpelling(text: string): string {
  return text.replace(/[013457@$!]/g, (character) => LOOKALIKES[character] ?? character);
}

/** How many characters a text is worth, its common words counted for less, the longest ones taken from left to right. */
function worthOf(text: string): number {
  let worth = 0;
  for (let place = 0; place < text.length;) {
    const length = commonWordAt(text, place);
    worth += length === 0 ? 1 : WORD_WORTH;
    place += Math.max(1, length);
  }
  return worth;
}

function commonWordAt(text: string, place: number): number {
  for (let length = Math.min(COMMON_LENGTH, text.length - place); length >= WORD_LENGTH_MIN; length--)
    if (COMMON.has(text.slice(place, place + length))) return length;
  return 0;
}
