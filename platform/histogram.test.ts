import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Histogram as DriverHistogram, Registry, register } from 'prom-client';
import { Histogram } from './histogram.ts';

let made = 0;
const nextName = () => `trx_test_${made++}_seconds`;

/** What Prometheus reads of one metric, in the order of its text. */
async function linesOf(registry: Registry, name: string): Promise<string[]> {
  const text = await registry.getSingleMetricAsString(name);
  return text.split('\n').sort();
}

describe('a histogram', () => {
  test("reads to Prometheus as the driver's own does, whatever was observed", async () => {
    const labels = fc.record({ route: fc.constantFrom('/a', '/b "c"', '1\n2', ''), status: fc.constantFrom('200', '500', '1', '2') });
    const value = fc.oneof(fc.constantFrom(0, 1, 2, 5, -1, 0.5), fc.double({ noNaN: true, min: -10, max: 1e9 }));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(labels, value), { maxLength: 60 }), async (observed) => {
        const options = { name: nextName(), help: 'Time', labelNames: ['route', 'status'] as const, buckets: [0.5, 1, 2, 5, 1e6] };
        const ours = new Histogram(options);
        const registry = new Registry();
        const theirs = new DriverHistogram({ ...options, registers: [registry] });
        for (const [each, seconds] of observed) {
          ours.observe(each, seconds);
          theirs.observe(each, seconds);
        }
        expect(await linesOf(register, options.name)).toEqual(await linesOf(registry, options.name));
        register.removeSingleMetric(options.name);
      }),
      { numRuns: 60 },
    );
  });

  test('without labels shows zeros before anything is observed, and again when it was reset', async () => {
    const options = { name: nextName(), help: 'Sizes', buckets: [1, 10] };
    const ours = new Histogram(options);
    const registry = new Registry();
    new DriverHistogram({ ...options, registers: [registry] });
    const empty = await linesOf(registry, options.name);
    expect(await linesOf(register, options.name)).toEqual(empty);
    ours.observe({}, 3);
    expect(await linesOf(register, options.name)).toContain(`${options.name}_bucket{le="10"} 1`);
    ours.reset();
    expect(await linesOf(register, options.name)).toEqual(empty);
  });

  test('takes no value that would spoil its sum, and no name twice', () => {
    const name = nextName();
    const ours = new Histogram({ name, help: 'Sizes', buckets: [1] });
    for (const value of [NaN, Infinity]) expect(() => ours.observe({}, value)).toThrow(`${name} cannot observe ${value}`);
    expect(() => new Histogram({ name, help: 'Sizes', buckets: [1] })).toThrow('already been registered');
  });

  test('times in seconds', async () => {
    const name = nextName();
    const ours = new Histogram({ name, help: 'Time', labelNames: ['group'], buckets: [1, 100] });
    ours.startTimer({ group: 'a' })();
    expect(await linesOf(register, name)).toContain(`${name}_bucket{le="1",group="a"} 1`);
  });
});
