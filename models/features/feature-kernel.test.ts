import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FEATURE_COUNT, featureIndex } from './declare-features.ts';
import { FeatureKernel, type FeatureEvent } from './feature-kernel.ts';
import { DAY_MS, LABEL_DELAY_DAYS, RETENTION_MS, WINDOW_DAYS } from './feature-windows.ts';
import type { PaymentLabel } from './park-labels.ts';
import { FeatureSnapshot, readSnapshot, writeSnapshot } from './snapshot-features.ts';
import { ByteWriter, SnapshotUnreadable } from './state-bytes.ts';

const START_MS = Date.UTC(2026, 2, 2);
const HOUR_MS = 3_600_000;

type Step = { readonly kind: 'transaction'; readonly event: FeatureEvent } | { readonly kind: 'label'; readonly label: PaymentLabel };

/** Recomputes the features of the last step by filtering everything that came up to it. Knows nothing of rings, sums or forgetting. */
function recompute(steps: readonly Step[], event: FeatureEvent): number[] {
  const events = new Map<string, FeatureEvent>();
  const frauds = new Map<string, boolean>();
  for (const step of steps) {
    if (step.kind === 'transaction' && !events.has(step.event.id)) events.set(step.event.id, step.event);
    if (step.kind === 'label') frauds.set(step.label.id, step.label.fraud);
  }
  const all = [...events.values()];
  const hour = new Date(event.timeMs).getUTCHours();
  const weekday = new Date(event.timeMs).getUTCDay();
  const customer = WINDOW_DAYS.flatMap((days) => {
    const seen = all.filter(
      ({ subject, timeMs }) => subject === event.subject && timeMs <= event.timeMs && timeMs > event.timeMs - days * DAY_MS,
    );
    return [seen.length, seen.reduce((sum, { amountThousandths }) => sum + amountThousandths, 0) / seen.length / 1000];
  });
  const terminal = WINDOW_DAYS.flatMap((days) => {
    const endMs = event.timeMs - LABEL_DELAY_DAYS * DAY_MS;
    const seen = all.filter(
      (other) =>
        event.terminal !== null && other.terminal === event.terminal && other.timeMs <= endMs && other.timeMs > endMs - days * DAY_MS,
    );
    const known = seen.filter(({ id }) => frauds.get(id) === true);
    return [seen.length, seen.length === 0 ? 0 : known.length / seen.length];
  });
  return [event.amountThousandths / 1000, weekday === 0 || weekday === 6 ? 1 : 0, hour <= 6 ? 1 : 0, ...customer, ...terminal];
}

function apply(kernel: FeatureKernel, step: Step): void {
  if (step.kind === 'transaction') kernel.fold(step.event);
  else kernel.foldLabel(step.label);
}

function read(kernel: FeatureKernel, event: FeatureEvent): number[] {
  const vector = new Float64Array(FEATURE_COUNT).fill(NaN);
  kernel.read(event, vector);
  return [...vector];
}

/** The state with its entities sorted: a snapshot taken bit by bit has them in another order. */
function contentOf(kernel: FeatureKernel): unknown {
  const ringBytes = (ring: { writeTo: (writer: ByteWriter) => void }): string => {
    const writer = new ByteWriter();
    ring.writeTo(writer);
    return Buffer.concat(writer.finish()).toString('hex');
  };
  const customers = ['ACC-1', 'ACC-2']
    .map((subject) => kernel.customers.customers.get(subject))
    .map((customer) => customer && ringBytes(customer.ring));
  const terminals = ['shop/T-1', 'shop/T-2']
    .map((id) => kernel.terminals.terminals.get(id))
    .map((terminal) => terminal && [ringBytes(terminal.ring), terminal.waiting]);
  return { customers, terminals, parked: kernel.parked.values(), newestMs: kernel.newestMs };
}

const newEvent = (id: string, hours: number, changes: Partial<FeatureEvent> = {}): FeatureEvent => ({
  id,
  subject: 'ACC-1',
  terminal: 'shop/T-1',
  timeMs: START_MS + hours * HOUR_MS,
  amountThousandths: 10_000,
  ...changes,
});

const labelOf = (event: FeatureEvent, fraud: boolean, countsFromMs = -Infinity): PaymentLabel => ({
  subject: event.subject,
  terminal: event.terminal,
  id: event.id,
  timeMs: event.timeMs,
  fraud,
  countsFromMs,
});

/** Streams of few entities over 45 days, roughly in order: events and copies up to a day late, labels early, late and taken back. */
function streams(): fc.Arbitrary<Step[]> {
  const transaction = fc.record({
    hours: fc.integer({ min: 0, max: 45 * 24 }),
    /** How far behind its own time it arrives. */
    lateHours: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 0, max: 11 }) }),
    subject: fc.constantFrom('ACC-1', 'ACC-2'),
    terminal: fc.constantFrom('shop/T-1', 'shop/T-2', null),
    amountThousandths: fc.integer({ min: 0, max: 2_000_000 }),
    copyAfterHours: fc.option(fc.integer({ min: 0, max: 11 }), { nil: undefined }),
    labels: fc.array(fc.record({ fraud: fc.boolean(), afterHours: fc.integer({ min: -12, max: 30 * 24 }) }), { maxLength: 3 }),
  });
  return fc.array(transaction, { minLength: 1, maxLength: 120, size: 'max' }).map((drawn) => {
    const arrivals = drawn.flatMap(({ hours, lateHours, copyAfterHours, labels, ...facts }, index) => {
      const event = newEvent(`t${index}`, hours, facts);
      const arrives = hours + lateHours;
      const steps: { at: number; step: Step }[] = [{ at: arrives, step: { kind: 'transaction', event } }];
      if (copyAfterHours !== undefined) steps.push({ at: arrives + copyAfterHours, step: { kind: 'transaction', event } });
      return steps.concat(
        labels.map(({ fraud, afterHours }) => ({ at: arrives + afterHours, step: { kind: 'label', label: labelOf(event, fraud) } })),
      );
    });
    return arrivals.sort((a, b) => a.at - b.at).map(({ step }) => step);
  });
}

describe('the feature kernel', () => {
  test('gives what filtering the whole stream gives, with late events, copies, early and late labels and corrections', () => {
    fc.assert(
      fc.property(streams(), (steps) => {
        const kernel = new FeatureKernel();
        steps.forEach((step, index) => {
          apply(kernel, step);
          if (step.kind === 'transaction')
            expect(read(kernel, step.event).slice(0, 15)).toEqual(recompute(steps.slice(0, index + 1), step.event));
        });
      }),
      { numRuns: 100 },
    );
  });

  test('goes on from a snapshot as if it had never stopped', () => {
    fc.assert(
      fc.property(streams(), fc.nat(), (steps, cut) => {
        const whole = new FeatureKernel();
        const first = new FeatureKernel();
        const at = cut % (steps.length + 1);
        for (const step of steps.slice(0, at)) apply(first, step);
        const second = readSnapshot(writeSnapshot(first));
        for (const step of steps.slice(at)) apply(second, step);
        for (const step of steps) apply(whole, step);
        expect(writeSnapshot(second).equals(writeSnapshot(whole))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  test('can be snapshotted a little at a time while it goes on, and the snapshot is of the moment when it was begun', () => {
    fc.assert(
      fc.property(streams(), fc.nat(), fc.integer({ min: 1, max: 3 }), (steps, cut, most) => {
        const at = cut % (steps.length + 1);
        const kernel = new FeatureKernel();
        for (const step of steps.slice(0, at)) apply(kernel, step);
        const expected = writeSnapshot(kernel);
        const snapshot = new FeatureSnapshot(kernel);
        let chunks: Buffer[] | undefined;
        for (const step of steps.slice(at)) {
          apply(kernel, step);
          chunks ??= snapshot.writeSome(most);
        }
        while (!chunks) chunks = snapshot.writeSome(most);
        expect(contentOf(readSnapshot(Buffer.concat(chunks)))).toEqual(contentOf(readSnapshot(expected)));
      }),
      { numRuns: 100 },
    );
  });

  test('counts a transaction once, however often it is folded', () => {
    const kernel = new FeatureKernel();
    const event = newEvent('a', 0);
    expect(kernel.fold(event)).toBe('added');
    expect(kernel.fold({ ...event })).toBe('duplicate');
    expect(read(kernel, event)[featureIndex('customer_id_nb_tx_1day_window')]).toBe(1);
  });

  test('leaves out what is exactly one window old, and keeps what is a millisecond younger', () => {
    const kernel = new FeatureKernel();
    const old = newEvent('old', 0);
    const younger = newEvent('younger', 0, { timeMs: START_MS + 1 });
    const now = newEvent('now', 24);
    for (const event of [old, younger, now]) kernel.fold(event);
    expect(read(kernel, now)[featureIndex('customer_id_nb_tx_1day_window')]).toBe(2);
  });

  test('does not let a fraud of the label delay count, even if its label has arrived', () => {
    const kernel = new FeatureKernel();
    const young = newEvent('young', 24);
    const now = newEvent('now', 24 + 6 * 24);
    kernel.fold(young);
    kernel.foldLabel(labelOf(young, true));
    kernel.fold(now);
    expect(read(kernel, now)[featureIndex('terminal_id_risk_30day_window')]).toBe(0);
  });

  test('lets a label that names a later event time wait for it', () => {
    const kernel = new FeatureKernel();
    const past = newEvent('past', 0);
    const before = newEvent('before', 9 * 24);
    const after = newEvent('after', 10 * 24);
    kernel.fold(past);
    expect(kernel.foldLabel(labelOf(past, true, after.timeMs))).toBe('waiting');
    kernel.fold(before);
    expect(read(kernel, before)[featureIndex('terminal_id_risk_7day_window')]).toBe(0);
    kernel.fold(after);
    expect(read(kernel, after)[featureIndex('terminal_id_risk_7day_window')]).toBe(1);
  });

  test('computes an event that is older than its retention without history, and keeps nothing of it', () => {
    const kernel = new FeatureKernel();
    kernel.fold(newEvent('new', 40 * 24));
    const old = newEvent('old', 0, { amountThousandths: 7_000 });
    const sizeBefore = writeSnapshot(kernel).length;
    expect(kernel.fold(old)).toBe('too_old');
    expect(read(kernel, old).slice(3, 15)).toEqual([1, 7, 1, 7, 1, 7, 0, 0, 0, 0, 0, 0]);
    expect(writeSnapshot(kernel)).toHaveLength(sizeBefore);
  });

  test('keeps its state bounded on a stream without end', () => {
    const kernel = new FeatureKernel();
    const sizes: number[] = [];
    const eventsADay = 4_096;
    for (let day = 0; day < 80; day++) {
      for (let index = 0; index < eventsADay; index++) {
        const name = 1_000_000 + day * eventsADay + index;
        const hours = day * 24 + (index * 24) / eventsADay;
        kernel.fold(newEvent(`t${name}`, hours, { subject: `ACC-${100 + day}` }));
        if (index % 400 === 0) kernel.foldLabel(labelOf(newEvent(`unknown-${name}`, hours), true));
      }
      if (day % 10 === 9) sizes.push(writeSnapshot(kernel).length);
    }
    expect(kernel.customers.customers.size).toBeLessThanOrEqual(RETENTION_MS / DAY_MS + 2);
    expect(sizes.at(-1)).toBe(sizes.at(-2));
  });

  test("does not take one payment of today for the end of everybody's history", () => {
    const kernel = new FeatureKernel();
    for (let index = 0; index < 10_000; index++) kernel.fold(newEvent(`past-${index}`, index / 1_000, { subject: `c-${index % 50}` }));
    kernel.fold(newEvent('today', 24 * 80, { subject: 'somebody-else', terminal: 'elsewhere' }));
    const next = newEvent('next', 11, { subject: 'c-1' });
    kernel.fold(next);
    const vector = new Float64Array(FEATURE_COUNT);
    kernel.read(next, vector);
    expect(vector[featureIndex('customer_id_nb_tx_1day_window')]).toBe(201);
  });

  test('keeps sums exact over many of the largest amounts', () => {
    const kernel = new FeatureKernel();
    let event = newEvent('first', 0);
    for (let index = 0; index < 60_000; index++) {
      event = newEvent(`t${index}`, index / 100, { amountThousandths: 10_000_000_000 - (index % 7) });
      kernel.fold(event);
    }
    const count = 24 * 100;
    let sum = 0n;
    for (let index = 59_999; index > 59_999 - count; index--) sum += 10_000_000_000n - BigInt(index % 7);
    expect(read(kernel, event)[featureIndex('customer_id_avg_amount_1day_window')]).toBe(Number(sum) / count / 1000);
  });
});

describe('a snapshot', () => {
  const kernel = new FeatureKernel();
  kernel.fold(newEvent('a', 0));
  const bytes = writeSnapshot(kernel);

  test('with one bit turned is refused', () => {
    fc.assert(
      fc.property(fc.nat({ max: bytes.length * 8 - 1 }), (bit) => {
        const damaged = Buffer.from(bytes);
        damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(() => readSnapshot(damaged)).toThrow(SnapshotUnreadable);
      }),
    );
  });

  test('that was cut off is refused', () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(() => readSnapshot(bytes.subarray(0, length))).toThrow(SnapshotUnreadable);
    }
  });
});
