import { passesLuhn } from './luhn.ts';

export type ScrubbedKind = 'card' | 'api_key' | 'token' | 'url_password' | 'named_secret';

/** Quick looks, right for nearly every line: nothing that is rarer than them is searched for in a line that passes both. */
const MAY_HOLD_CARD = /\d(?:[ ._:+\u00A0\u202F-]?\d){12}|\d(?:%20|\\t|\\n)\d/;
const MAY_HOLD_SECRET =
  /trn_(?:live|test)_|whsec_|:\/\/|eyJ|earer|asic|EARER|ASIC|(?:pass|secret|token|key|pwd|cv[cv])[a-z_]{0,12}\\?["']?\s*[=:]/i;

const SEPARATOR = '(?:[ ._:+\\u00A0\\u202F-]|%20|\\\\t|\\\\n)';
/** With dashes, and without them where one is a trace id: the digits in it are no card number, although one in some hundred would pass. */
const UUID = '(?<![0-9a-z])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-z])';
const TRACE_ID = '(?<![0-9a-z])(?=[0-9]*[a-f])[0-9a-f]{32}(?![0-9a-z])|(?<="span\\.id":")[0-9a-f]{16}(?=")';
const IP_ADDRESS = '(?<![0-9.])\\d{1,3}(?:\\.\\d{1,3}){3}(?::\\d{1,5})?(?![0-9.])';
const DIGITS = `\\d(?:${SEPARATOR}?\\d){12,}`;
const CANDIDATES = new RegExp(`(${UUID}|${TRACE_ID}|${IP_ADDRESS})|${DIGITS}`, 'g');
const GROUPS_OF_DIGITS = /\d+/g;

const API_KEY = /(?:trn_(?:live|test)|whsec)_[A-Za-z0-9_+/=-]+/g;
const BEARER = /(bearer)(?:\s|%20|\+|\\[tn])+[A-Za-z0-9._~+/=-]{12,}/gi;
const BASIC = /([Bb]asic|BASIC)\s+(?=[a-z+/]*[A-Z0-9=])[A-Za-z0-9+/]{12,}={0,2}/g;
const JWT = /eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?/g;
/** Whatever stands before the host in an address. */
const URL_PASSWORD = /:\/\/(?:[^\s"/?#\\@]|\\["\\]|@(?=[^\s"/?#\\]*@))*@/g;
const NAMED =
  /((?:pass(?:word|wd|phrase)|pwd|secret|token|api[_-]?key|cv[cv]2?)[a-z_]{0,12}\\{0,3}["']?\s*[=:]\s*\\{0,3}["']?)([^\s"'&,;\\}[]{4,})/gi;

/**
 * The last stage before a line leaves the process: what looks like a card number, an API key, a token or a password is replaced, wherever in
 * the line it stands. `line` is one JSON object as text and stays one. `onFound` hears of every replacement.
 */
export function scrubLine(line: string, onFound: (kind: ScrubbedKind) => void): string {
  const scrubbed = MAY_HOLD_SECRET.test(line) ? scrubSecrets(line, onFound) : line;
  return MAY_HOLD_CARD.test(scrubbed) ? scrubCards(scrubbed, onFound) : scrubbed;
}

function scrubSecrets(line: string, onFound: (kind: ScrubbedKind) => void): string {
  const found = (kind: ScrubbedKind, replacement: string) => {
    onFound(kind);
    return replacement;
  };
  return line
    .replace(API_KEY, () => found('api_key', '[api_key]'))
    .replace(JWT, () => found('token', '[token]'))
    .replace(BEARER, (_all, word: string) => found('token', `${word} [token]`))
    .replace(BASIC, (_all, word: string) => found('token', `${word} [token]`))
    .replace(URL_PASSWORD, () => found('url_password', '://[credentials]@'))
    .replace(NAMED, (_all, name: string) => found('named_secret', `${name}[secret]`));
}

function scrubCards(line: string, onFound: (kind: ScrubbedKind) => void): string {
  return line.replace(CANDIDATES, (run: string, known: string | undefined, at: number) => {
    if (known !== undefined) return run;
    const scrubbed = scrubDigits(run, onFound);
    if (scrubbed === run) return run;
    return isBareNumber(line, at, run.length) ? '0' : scrubbed;
  });
}

/** A number that is a value of its own in JSON must be replaced by one. */
function isBareNumber(line: string, at: number, length: number): boolean {
  return line.startsWith('":', at - 2) && /[,}]/.test(line.charAt(at + length));
}

/** Replaces in a run of digits and separators what may be a card number: 13 to 19 digits in a row, or in groups as cards print them. */
function scrubDigits(run: string, onFound: (kind: ScrubbedKind) => void): string {
  const groups = [...run.matchAll(GROUPS_OF_DIGITS)].map(({ 0: digits, index }) => ({ digits, from: index, to: index + digits.length }));
  let scrubbed = '';
  let done = 0;
  for (let first = 0; first < groups.length; first++) {
    const last = lastOfCard(groups, first);
    if (last === undefined) continue;
    onFound('card');
    scrubbed += `${run.slice(done, groups[first]?.from)}[card]`;
    done = groups[last]?.to ?? run.length;
    first = last;
  }
  return scrubbed + run.slice(done);
}

/** The last group of the longest card number that begins with group `first`. */
function lastOfCard(groups: readonly { readonly digits: string }[], first: number): number | undefined {
  let found: number | undefined;
  let digits = '';
  for (let last = first; last < groups.length && digits.length < 19; last++) {
    const group = groups[last]?.digits ?? '';
    if (last > first && !isPrinted(groups, first, last)) break;
    digits += group;
    if (isCard(digits) || (last === first && group.length > 19)) found = last;
  }
  return found;
}

/** Groups of 3 to 6 digits; only the last may be shorter. */
function isPrinted(groups: readonly { readonly digits: string }[], first: number, last: number): boolean {
  const lengths = groups.slice(first, last + 1).map(({ digits }) => digits.length);
  return lengths.every((length, index) => length <= 6 && (length >= 3 || index === lengths.length - 1));
}

const isCard = (digits: string): boolean => digits.length >= 13 && digits.length <= 19 && passesLuhn(digits);
