import type { LedgerCommand } from '@trancendos/contracts/ledger-command';

/** Not part of what is asked: a sender that has seen a takeover since asks for the same. */
const IGNORED: ReadonlySet<string> = new Set(['epoch']);

/**
 * The first field in which two commands with the same id differ, as a JSON pointer (RFC 6901); undefined where they ask for the same. A
 * field that is left out differs from one that is given.
 */
export function compareCommands(first: LedgerCommand, again: LedgerCommand): string | undefined {
  return findDifference(first, again, '');
}

function findDifference(one: unknown, other: unknown, pointer: string): string | undefined {
  if (!isComposite(one) || !isComposite(other) || Array.isArray(one) !== Array.isArray(other)) {
    return one === other ? undefined : pointer;
  }
  for (const name of new Set([...Object.keys(one), ...Object.keys(other)])) {
    if (pointer === '' && IGNORED.has(name)) continue;
    const found = findDifference(one[name], other[name], `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isComposite(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
