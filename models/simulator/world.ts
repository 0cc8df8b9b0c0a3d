import { z } from 'zod';

/** Seconds in a day; the simulated calendar knows no other. */
export const DAY_S = 86_400;

/** Rows that one world may have on average, so that a slip in an option cannot fill the memory. Few customers may make twice as many. */
const EXPECTED_ROWS_MAX = 10_000_000;

const whole = (min: number, max: number): z.ZodNumber => within(z.int({ error: 'not a whole number' }), min, max);
const real = (min: number, max: number): z.ZodNumber => within(z.number({ error: 'not a number' }), min, max);
const days = whole(1, 3_650);

const fields = {
  /** Another seed gives another world of the same kind. */
  seed: whole(0, 0xffffffff).default(0),
  customers: whole(1, 100_000).default(5_000),
  terminals: whole(1, 100_000).default(10_000),
  /** How far a customer goes to pay, on a square map of 100 x 100. */
  radius: real(0.01, 150).default(5),
  /** Midnight UTC before the first day, in ms since the epoch. */
  startMs: whole(0, Date.UTC(2200, 0, 1))
    .multipleOf(DAY_S * 1000, { error: 'not a midnight UTC' })
    .default(Date.UTC(2018, 3, 1)),
  days: days.default(183),
  /** A customer's mean number of transactions a day is uniform between 0 and this. */
  transactionsPerDayMax: real(0, 1_000).default(4),
  /** Scenario 1: every amount above this is fraud. */
  overLimitMinor: whole(0, Number.MAX_SAFE_INTEGER).default(22_000),
  /** Scenario 2: so many terminals are compromised every day, and every transaction there during the spell is fraud. */
  compromisedTerminalsPerDay: whole(0, 100_000).default(2),
  terminalSpellDays: days.default(28),
  /** Scenario 3: so many customers' cards are stolen every day, and a third of their transactions during the spell is fraud. */
  compromisedCustomersPerDay: whole(0, 100_000).default(3),
  customerSpellDays: days.default(14),
  /** What a thief multiplies the card holder's amounts by. */
  thiefAmountFactor: real(0, 1_000).default(5),
  /** How long after a transaction it is known whether it was fraud. */
  labelDelayDays: real(0, 365).default(7),
};

/**
 * What a simulated world is like. The defaults are those of the Fraud Detection Handbook's published data
 * (Le Borgne, Siblini, Lebichot and Bontempi, Université Libre de Bruxelles and Worldline, 2022).
 */
export const WorldOptions = z
  .strictObject(fields)
  .refine((world) => world.compromisedTerminalsPerDay <= world.terminals, {
    path: ['compromisedTerminalsPerDay'],
    error: 'more than there are terminals',
  })
  .refine((world) => world.compromisedCustomersPerDay <= world.customers, {
    path: ['compromisedCustomersPerDay'],
    error: 'more than there are customers',
  })
  .refine((world) => (world.customers * world.days * world.transactionsPerDayMax) / 2 <= EXPECTED_ROWS_MAX, {
    path: ['customers'],
    error: `customers x days x transactionsPerDayMax / 2 is above ${EXPECTED_ROWS_MAX}`,
  });
export type WorldOptions = z.output<typeof WorldOptions>;
/** The options that differ from the published data. */
export type WorldInput = z.input<typeof WorldOptions>;

/** 0 for a genuine transaction, else the scenario that made it a fraud; the last one where several did. */
export const SCENARIO = { genuine: 0, overLimit: 1, compromisedTerminal: 2, stolenCard: 3 } as const;

/**
 * A simulated world's transactions as columns, in the order of time; the row number is the transaction's id.
 * Rows of the same second are in the order of their customers.
 */
export interface World {
  readonly options: WorldOptions;
  /** Rows; the length of every column. */
  readonly count: number;
  /** Seconds since `options.startMs`. */
  readonly timeS: Uint32Array;
  /** Below `options.customers`. */
  readonly customer: Uint32Array;
  /** Below `options.terminals`. */
  readonly terminal: Uint32Array;
  readonly amountMinor: Float64Array;
  /** A value of `SCENARIO`. */
  readonly scenario: Uint8Array;
}

function within(type: z.ZodNumber, min: number, max: number): z.ZodNumber {
  return type.min(min, { error: `less than ${min}` }).max(max, { error: `more than ${max}` });
}
