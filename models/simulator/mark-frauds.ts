import { NumpyRandom } from './draw-numpy.ts';
import { PythonRandom } from './draw-python.ts';
import { streamSeed } from './stream-seed.ts';
import { DAY_S, SCENARIO, type World } from './world.ts';

/** A thief takes the place of the card holder in one of so many transactions. */
const STOLEN_ONE_IN = 3;

/**
 * Turns transactions of a genuine world into frauds, scenario after scenario; a later scenario overwrites the mark of an earlier one.
 *
 * Writes `world.scenario`, and `world.amountMinor` of stolen cards. Spells begin on every day but the world's last.
 */
export function markFrauds(world: World): void {
  const lastDay = Math.floor((world.timeS.at(-1) ?? 0) / DAY_S);
  markOverLimit(world);
  markCompromisedTerminals(world, lastDay);
  markStolenCards(world, lastDay);
}

function markOverLimit(world: World): void {
  world.amountMinor.forEach((amountMinor, row) => {
    if (amountMinor > world.options.overLimitMinor) world.scenario[row] = SCENARIO.overLimit;
  });
}

function markCompromisedTerminals(world: World, lastDay: number): void {
  const { terminals, compromisedTerminalsPerDay, terminalSpellDays } = world.options;
  const rowsByTerminal = groupRows(world.terminal, terminals);
  for (let day = 0; day < lastDay; day += 1) {
    const compromised = new NumpyRandom(streamSeed(world.options, day)).sampleRows(terminals, compromisedTerminalsPerDay);
    for (const row of rowsOfSpell(world, { groups: rowsByTerminal, members: compromised, day, days: terminalSpellDays })) {
      world.scenario[row] = SCENARIO.compromisedTerminal;
    }
  }
}

function markStolenCards(world: World, lastDay: number): void {
  const { customers, compromisedCustomersPerDay, customerSpellDays, thiefAmountFactor } = world.options;
  const rowsByCustomer = groupRows(world.customer, customers);
  for (let day = 0; day < lastDay; day += 1) {
    const seed = streamSeed(world.options, day);
    const compromised = new NumpyRandom(seed).sampleRows(customers, compromisedCustomersPerDay);
    const rows = rowsOfSpell(world, { groups: rowsByCustomer, members: compromised, day, days: customerSpellDays });
    for (const position of new PythonRandom(seed).sampleRows(rows.length, Math.floor(rows.length / STOLEN_ONE_IN))) {
      const row = rows[position] ?? 0;
      world.scenario[row] = SCENARIO.stolenCard;
      // Where spells of one card overlap the factor applies again; an amount that outgrows the exact integers stays at their end.
      world.amountMinor[row] = Math.min(Math.round((world.amountMinor[row] ?? 0) * thiefAmountFactor), Number.MAX_SAFE_INTEGER);
    }
  }
}

/** The rows of every group, ascending. */
type RowGroups = readonly Uint32Array[];

interface Spell {
  readonly groups: RowGroups;
  readonly members: Uint32Array;
  /** The spell's first day and its length. */
  readonly day: number;
  readonly days: number;
}

/** The rows of a spell's members between its first day and its end, ascending: that is, in the order of time. */
function rowsOfSpell(world: World, spell: Spell): number[] {
  const fromS = spell.day * DAY_S;
  const untilS = fromS + spell.days * DAY_S;
  const rows: number[] = [];
  for (const member of spell.members) {
    for (const row of spell.groups[member] ?? []) {
      const timeS = world.timeS[row] ?? 0;
      if (timeS >= fromS && timeS < untilS) rows.push(row);
    }
  }
  return rows.sort((a, b) => a - b);
}

/** Row numbers by the value of a column, whose values are below `groups`. */
function groupRows(column: Uint32Array, groups: number): RowGroups {
  const sizes = new Uint32Array(groups);
  for (const group of column) sizes[group] = (sizes[group] ?? 0) + 1;
  const rows = Array.from(sizes, (size) => new Uint32Array(size));
  const filled = new Uint32Array(groups);
  column.forEach((group, row) => {
    const position = filled[group] ?? 0;
    const members = rows[group];
    if (members !== undefined) members[position] = row;
    filled[group] = position + 1;
  });
  return rows;
}
