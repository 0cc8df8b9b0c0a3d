import { beforeAll, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NumpyRandom } from './draw-numpy.ts';
import { readTransactions } from './read-transactions.ts';
import { simulateWorld } from './simulate-world.ts';
import { streamSeed } from './stream-seed.ts';
import { DAY_S, SCENARIO, type World, type WorldInput } from './world.ts';

interface PublishedDays {
  readonly days: Record<string, { rows: number; sha256: string }>;
}
const PUBLISHED = JSON.parse(readFileSync(join(import.meta.dirname, 'published-days.json'), 'utf8')) as PublishedDays;
/** The published rows themselves, which lie beside the repository on some machines. */
const PUBLISHED_FILE = join(import.meta.dirname, '../../../shared/data/handbook/transactions.csv.gz');

/** Every second of a day in words: there are millions of rows to render. */
const CLOCK = Array.from({ length: DAY_S }, (_, second) => new Date(second * 1000).toISOString().slice(10, 19));

/** Lines by day. */
class Lines {
  readonly days = new Map<string, string[]>();
  #lastDay = NaN;
  #date = '';

  /** Adds a row as the published file has it, without its id. */
  add(timeMs: number, row: { customer: number; terminal: number; amountMinor: number; scenario: number }): void {
    const day = Math.floor(timeMs / (DAY_S * 1000));
    if (day !== this.#lastDay) this.#date = new Date(timeMs).toISOString().slice(0, 10);
    this.#lastDay = day;
    const time = `${this.#date}${CLOCK[timeMs / 1000 - day * DAY_S]}Z`;
    const line = `${time},${row.customer},${row.terminal},${row.amountMinor},${row.scenario === SCENARIO.genuine ? 0 : 1},${row.scenario}\n`;
    const lines = this.days.get(this.#date);
    if (lines) lines.push(line);
    else this.days.set(this.#date, [line]);
  }
}

function renderDays(world: World): Map<string, string[]> {
  const lines = new Lines();
  for (let row = 0; row < world.count; row += 1) {
    lines.add(world.options.startMs + world.timeS[row]! * 1000, {
      customer: world.customer[row]!,
      terminal: world.terminal[row]!,
      amountMinor: world.amountMinor[row]!,
      scenario: world.scenario[row]!,
    });
  }
  return lines.days;
}

async function readDays(file: string): Promise<Map<string, string[]>> {
  const lines = new Lines();
  for await (const row of readTransactions(file)) {
    if (row.fraud !== (row.scenario !== SCENARIO.genuine))
      throw new Error(`transaction ${row.transactionId} is a fraud without a scenario`);
    lines.add(row.occurredAtMs, {
      customer: row.customerId,
      terminal: row.terminalId,
      amountMinor: row.amountMinor,
      scenario: row.scenario,
    });
  }
  return lines.days;
}

/** The lines of a day as one text that does not depend on their order. */
function sortedText(lines: readonly string[] = []): string {
  return [...lines].sort().join('');
}

function digestDays(days: ReadonlyMap<string, readonly string[]>): PublishedDays['days'] {
  const digest = (lines: readonly string[]): string => createHash('sha256').update(sortedText(lines)).digest('hex');
  return Object.fromEntries([...days].map(([day, lines]) => [day, { rows: lines.length, sha256: digest(lines) }]));
}

function totals(world: World): { rows: number; byScenario: number[]; amountMinor: number } {
  const byScenario = [0, 0, 0, 0];
  for (const scenario of world.scenario) byScenario[scenario]! += 1;
  return { rows: world.count, byScenario, amountMinor: world.amountMinor.reduce((sum, amount) => sum + amount, 0) };
}

/** A world of a second's work at most, not much like the published one. */
function smallWorld(options: WorldInput = {}): World {
  return simulateWorld({ seed: 7, customers: 300, terminals: 400, radius: 10, days: 60, ...options });
}

describe('the world of the published seeds', () => {
  let world: World;
  let days: Map<string, string[]>;
  beforeAll(() => {
    world = simulateWorld();
    days = renderDays(world);
  }, 60_000);

  test('has the published totals', () => {
    expect(totals(world)).toEqual({ rows: 1_754_155, byScenario: [1_739_474, 973, 9_077, 4_631], amountMinor: 94_079_370_08 });
    expect(world.timeS.at(-1)! / DAY_S).toBeLessThan(183);
  });

  test('has on every published day the very rows of that day', () => {
    const simulated = digestDays(days);
    expect(Object.keys(simulated)).toHaveLength(183);
    expect(Object.fromEntries(Object.keys(PUBLISHED.days).map((day) => [day, simulated[day]]))).toEqual(PUBLISHED.days);
  }, 60_000);

  const besideData = existsSync(PUBLISHED_FILE) ? test : test.skip;
  besideData(
    'has the rows of the published file, in the order of time and without one more or less',
    async () => {
      expect(digestDays(await readDays(PUBLISHED_FILE))).toEqual(PUBLISHED.days);
    },
    60_000,
  );
});

describe('a world', () => {
  test('is the same whenever its options are', () => {
    expect(smallWorld()).toEqual(smallWorld());
  });

  test('is in the order of time, and within the same second in that of customers', () => {
    const { timeS, customer } = smallWorld({ transactionsPerDayMax: 20 });
    const pairs = [...timeS.keys()].slice(1).map((row) => [timeS[row]! - timeS[row - 1]!, customer[row]! - customer[row - 1]!] as const);
    expect(pairs.filter(([step]) => step < 0)).toEqual([]);
    expect(pairs.filter(([step, customers]) => step === 0 && customers < 0)).toEqual([]);
    expect(pairs.filter(([step]) => step === 0).length).toBeGreaterThan(100);
  });

  test('of another seed shares no row with it, and has its likeness', () => {
    const worlds = [0, 1, 2, 0xffffffff].map((seed) => simulateWorld({ seed, customers: 1_000, terminals: 2_000, days: 30 }));
    const rows = worlds.map((world) => [...renderDays(world).values()].flat());
    expect(new Set(rows.flat()).size).toBe(rows.flat().length);
    const usual = totals(worlds[0]!);
    for (const { rows, amountMinor, byScenario } of worlds.map(totals)) {
      expect(Math.abs(rows / usual.rows - 1)).toBeLessThan(0.1);
      expect(Math.abs(amountMinor / usual.amountMinor - 1)).toBeLessThan(0.1);
      expect(Math.min(...byScenario)).toBeGreaterThan(0);
    }
  });

  test('keeps its customers, terminals and days within the options', () => {
    const world = smallWorld({ customers: 20, terminals: 30, days: 10, compromisedTerminalsPerDay: 1 });
    expect(Math.max(...world.customer)).toBeLessThan(20);
    expect(Math.max(...world.terminal)).toBeLessThan(30);
    expect(world.timeS.at(-1)! / DAY_S).toBeLessThan(10);
  });

  test('pays only where its customers can go', () => {
    const near = smallWorld({ radius: 2 });
    const far = smallWorld({ radius: 150 });
    expect(new Set(near.terminal).size).toBeLessThan(400);
    expect(new Set(far.terminal).size).toBe(400);
    expect(near.count).toBeLessThan(far.count);
  });

  test('without a terminal in reach of anybody is empty', () => {
    expect(smallWorld({ customers: 3, terminals: 2, radius: 0.01, compromisedCustomersPerDay: 1 }).count).toBe(0);
  });

  test('has more transactions a day where it may', () => {
    expect(smallWorld({ transactionsPerDayMax: 40 }).count / smallWorld({ transactionsPerDayMax: 4 }).count).toBeCloseTo(10, 0);
  });

  test('tells how far it has come', () => {
    const seen: number[] = [];
    simulateWorld({ customers: 120, terminals: 50, days: 2 }, (done, all) => seen.push(done / all));
    expect(seen.at(-1)).toBe(1);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.length).toBeGreaterThan(2);
  });

  test.each<[WorldInput, string]>([
    [{ customers: 0 }, 'less than 1'],
    [{ days: 1.5 }, 'not a whole number'],
    [{ startMs: 1 }, 'not a midnight UTC'],
    [{ terminals: 5, compromisedTerminalsPerDay: 6 }, 'more than there are terminals'],
    [{ customers: 2 }, 'more than there are customers'],
    [{ customers: 100_000, days: 3_650 }, 'customers x days x transactionsPerDayMax / 2 is above 10000000'],
  ])('refuses %j', (options, problem) => {
    expect(() => simulateWorld(options)).toThrow(problem);
  });
});

describe('fraud', () => {
  /** No frauds but those that a test asks for. */
  const calm: WorldInput = { overLimitMinor: Number.MAX_SAFE_INTEGER, compromisedTerminalsPerDay: 0, compromisedCustomersPerDay: 0 };

  test('over the limit is every amount above it', () => {
    const world = smallWorld({ ...calm, overLimitMinor: 10_000 });
    const expected = Array.from(world.amountMinor, (amount) => (amount > 10_000 ? SCENARIO.overLimit : SCENARIO.genuine));
    expect([...world.scenario]).toEqual(expected);
    expect(expected).toContain(SCENARIO.overLimit);
  });

  test.each([1, 14, 40])('at a compromised terminal is every transaction of a spell of %d days, and none before or after', (spellDays) => {
    const world = smallWorld({ ...calm, compromisedTerminalsPerDay: 2, terminalSpellDays: spellDays });
    const { options, terminal } = world;
    const firstDays = Array.from({ length: options.days - 1 }, (_, day) => {
      return new Set(new NumpyRandom(streamSeed(options, day)).sampleRows(options.terminals, 2));
    });
    const expected = Array.from(world.timeS, (timeS, row) => {
      const day = Math.floor(timeS / DAY_S);
      const compromised = firstDays.slice(Math.max(0, day - spellDays + 1), day + 1).some((terminals) => terminals.has(terminal[row]!));
      return compromised ? SCENARIO.compromisedTerminal : SCENARIO.genuine;
    });
    expect([...world.scenario]).toEqual(expected);
    expect(expected).toContain(SCENARIO.compromisedTerminal);
  });

  test('with a stolen card takes a third of the transactions of the spell, at a multiple of the amount', () => {
    const genuine = smallWorld(calm);
    const world = smallWorld({ ...calm, compromisedCustomersPerDay: 1, customerSpellDays: 5, thiefAmountFactor: 3 });
    const stolen = [...world.scenario.keys()].filter((row) => world.scenario[row] === SCENARIO.stolenCard);
    const factors = stolen.map((row) => world.amountMinor[row]! / genuine.amountMinor[row]!);
    expect(stolen.length).toBeGreaterThan(50);
    expect(factors.filter((factor) => ![3, 9, 27].includes(factor))).toEqual([]);
    expect(factors.filter((factor) => factor === 3).length / factors.length).toBeGreaterThan(0.8);
  });

  test('grows with the number and the length of the spells', () => {
    const frauds = (options: WorldInput): number => smallWorld({ ...calm, ...options }).scenario.filter((scenario) => scenario > 0).length;
    const usual = frauds({ compromisedCustomersPerDay: 1, customerSpellDays: 5 });
    expect(usual).toBeGreaterThan(0);
    expect(frauds({ compromisedCustomersPerDay: 4, customerSpellDays: 5 })).toBeGreaterThan(usual * 2);
    expect(frauds({ compromisedCustomersPerDay: 1, customerSpellDays: 28 })).toBeGreaterThan(usual * 2);
    expect(frauds({})).toBe(0);
  });

  test('that multiplies one amount again and again ends at the largest exact integer', () => {
    const world = smallWorld({ customers: 2, compromisedCustomersPerDay: 2, customerSpellDays: 60, thiefAmountFactor: 1_000 });
    expect(Math.max(...world.amountMinor)).toBe(Number.MAX_SAFE_INTEGER);
    expect(world.amountMinor.every(Number.isSafeInteger)).toBe(true);
  });
});
