import { simulateWorld } from '@trancendos/models/simulator/simulate-world';
import { DAY_S, SCENARIO, type World } from '@trancendos/models/simulator/world';
import { shiftToPast, type TrafficRow } from './traffic-rows.ts';
import type { TrafficState } from './traffic-state.ts';

/** A demo's world: small enough to be simulated at every start, with about 80 terminals in a customer's reach, as in the published data. */
const DEMO_WORLD = {
  startMs: Date.UTC(2018, 3, 1),
  customers: 2_000,
  terminals: 4_000,
  radius: 8,
  days: 120,
  compromisedTerminalsPerDay: 1,
  compromisedCustomersPerDay: 1,
};
/** Any but 0, which is the published data. */
const FIRST_SEED = 1_000;
/** Days that are imported as history before anything is decided: what the longest feature window reaches back to (30 + 7), and some. */
export const HISTORY_DAYS = 40;
/** A timeline whose next row is older than this is given up for a new one, before the API finds its times too old. */
const ROW_AGE_MAX_MS = 300 * DAY_S * 1000;

/** The transactions of one simulated world in the order of time, moved to the recent past. */
export class Timeline {
  readonly #world: World;
  readonly #state: TrafficState;

  constructor(state: TrafficState) {
    this.#state = state;
    this.#world = simulateWorld({ ...DEMO_WORLD, seed: FIRST_SEED + state.world });
  }

  get length(): number {
    return this.#world.count;
  }

  row(index: number): TrafficRow {
    const { options, timeS, customer, terminal, amountMinor, scenario } = this.#world;
    const { world, run, shiftMs } = this.#state;
    const occurredAtMs = options.startMs + (timeS[index] ?? 0) * 1000 + shiftMs;
    return {
      id: `tx-${run}-${String(index).padStart(6, '0')}`,
      occurredAtMs,
      customer: world * options.customers + (customer[index] ?? 0),
      terminal: world * options.terminals + (terminal[index] ?? 0),
      amountMinor: amountMinor[index] ?? 0,
      fraud: scenario[index] !== SCENARIO.genuine,
      labelKnownAtMs: occurredAtMs + options.labelDelayDays * DAY_S * 1000,
    };
  }

  /** The first row of a day, counted from 0; `length` after the last day. */
  firstRowOfDay(day: number): number {
    const { timeS } = this.#world;
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((timeS[middle] ?? 0) < day * DAY_S) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** When history ends, and the first decision is due. */
  historyEndMs(): number {
    return this.#world.options.startMs + HISTORY_DAYS * DAY_S * 1000 + this.#state.shiftMs;
  }

  /** True when there is nothing left to send that the API would take. */
  isOver(nowMs: number): boolean {
    const { nextRow } = this.#state;
    return nextRow >= this.length || this.row(nextRow).occurredAtMs < nowMs - ROW_AGE_MAX_MS;
  }
}

/** The state at the beginning of world number `world`, all of whose times lie before `nowMs`. */
export function beginWorld(world: number, nowMs: number): TrafficState {
  const endMs = DEMO_WORLD.startMs + DEMO_WORLD.days * DAY_S * 1000;
  return { world, run: Math.floor(nowMs / 1000).toString(36), shiftMs: shiftToPast(endMs, nowMs), historyDays: 0, nextRow: 0 };
}
