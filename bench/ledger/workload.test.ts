import { describe, expect, test } from '@jest/globals';
import { Draws } from './draw.ts';
import { openWorkload, WORKLOADS } from './open-workload.ts';
import type { MoveCommand, Workload, WorkloadCommand } from './workload.ts';
import { ZipfTable } from './zipf-table.ts';

const options = { seed: 42, idsFromMs: Date.parse('2026-05-01T12:00:00.000Z'), hotAccounts: 1, hotPercent: 70 };

function commandsOf(workload: Workload, count: number, from = 0): WorkloadCommand[] {
  return Array.from({ length: count }, (_, index) => workload.commandAt(from + index)).filter((command) => command !== undefined);
}

const movesOf = (commands: readonly WorkloadCommand[]) =>
  commands.filter((command): command is MoveCommand => command.kind === 'post' || command.kind === 'hold');

describe('every workload', () => {
  test.each(WORKLOADS)('%s is the same from any position on, and another one for another seed', (name) => {
    const [once, again] = [openWorkload(name, options), openWorkload(name, options)];
    again.commandAt(70_000);
    const positions = [0, 1, 2, 999, 50_000, 2 ** 33 + 7];
    expect(positions.map((position) => again.commandAt(position))).toEqual(positions.map((position) => once.commandAt(position)));
    const other = openWorkload(name, { ...options, seed: 43 });
    expect(commandsOf(other, 10)).not.toEqual(commandsOf(once, 10));
  });

  test.each(WORKLOADS)('%s moves whole amounts of at least 1 between two accounts that it has', (name) => {
    const workload = openWorkload(name, options);
    const isAccount = (account: number) => Number.isInteger(account) && account >= 0 && account < workload.accounts;
    const wrong = movesOf(commandsOf(workload, 20_000)).filter(
      ({ debit, credit, amountMinor }) =>
        debit === credit || !isAccount(debit) || !isAccount(credit) || !Number.isSafeInteger(amountMinor) || amountMinor < 1,
    );
    expect(wrong).toEqual([]);
  });
});

test('W1 has amounts with a mean of 10,000', () => {
  const moves = movesOf(commandsOf(openWorkload('W1', options), 50_000));
  const mean = moves.reduce((sum, { amountMinor }) => sum + amountMinor, 0) / moves.length;
  expect(Math.abs(mean - 10_000)).toBeLessThan(200);
});

test('W2 lets the hot accounts pay as often as it is told', () => {
  const moves = movesOf(commandsOf(openWorkload('W2', options), 50_000));
  expect(moves.filter(({ debit }) => debit === 0).length / moves.length).toBeCloseTo(0.7, 1);
  expect(() => openWorkload('W2', { ...options, accounts: 1 })).toThrow(RangeError);
});

test('the table of Zipf draws ranks as often as 1 / (rank + 1) says', () => {
  const draws = new Draws(7);
  const table = new ZipfTable(1_000, 1);
  const times = new Map<number, number>();
  const count = 200_000;
  for (let index = 0; index < count; index++) {
    const rank = table.rank(draws.unit(index, 0), draws.unit(index, 1));
    times.set(rank, (times.get(rank) ?? 0) + 1);
  }
  let harmonic = 0;
  for (let rank = 1; rank <= 1_000; rank++) harmonic += 1 / rank;
  for (const rank of [0, 1, 9, 99]) {
    const expected = count / harmonic / (rank + 1);
    expect(Math.abs((times.get(rank) ?? 0) - expected)).toBeLessThan(5 * Math.sqrt(expected));
  }
});

test('W10 consists of card payments in the shares that it names', () => {
  const commands = commandsOf(openWorkload('W10', options), 200_000);
  // From where second steps come as often as first ones.
  const settled = commandsOf(openWorkload('W10', options), 100_000, 100_000);
  const share = (of: (command: WorkloadCommand) => boolean) => settled.filter(of).length / settled.length;
  const seen = new Map<string, WorkloadCommand>();
  let duplicates = 0;
  let conflicts = 0;
  for (const command of commands) {
    const earlier = seen.get(command.id);
    if (!earlier) seen.set(command.id, command);
    else if (JSON.stringify(earlier) === JSON.stringify(command)) duplicates++;
    else conflicts++;
  }
  const moves = movesOf(commands);
  const firsts = 1 / 1.87;
  expect(share(({ kind }) => kind === 'capture')).toBeCloseTo(0.7 * firsts, 2);
  expect(share(({ kind }) => kind === 'void')).toBeCloseTo(0.1 * firsts, 2);
  expect(share(({ kind }) => kind === 'reverse')).toBeCloseTo(0.05 * firsts, 2);
  expect(duplicates / commands.length).toBeCloseTo(0.01, 2);
  expect(conflicts / commands.length).toBeCloseTo(0.001, 3);
  expect(moves.filter(({ amountMinor }) => amountMinor > 1_000_000).length / moves.length).toBeCloseTo(0.02, 2);
  expect(moves.filter(({ credit }) => credit < 100_005).length / moves.length).toBeCloseTo(0.5, 1);
});

test('W10 takes the second step of a payment after its first', () => {
  const commands = commandsOf(openWorkload('W10', options), 50_000);
  const placeOf = new Map(commands.map(({ id }, place) => [id, place] as const).reverse());
  const early = commands.filter((command, place) => 'target' in command && (placeOf.get(command.target) ?? Infinity) >= place);
  expect(early).toEqual([]);
});
