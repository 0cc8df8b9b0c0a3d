import { expect, test } from '@jest/globals';
import { Frame, Snapshot } from '@trancendos/contracts/socket';
import fc from 'fast-check';
import { SimulatedConsole, SimulatedFeed } from './simulate-feed.ts';

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('read' as const), rows: fc.integer({ min: 0, max: 45 }) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('tick' as const), times: fc.constantFrom(1, 1, 2, 7) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('stall' as const, 'drain' as const, 'lose' as const, 'hang' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('reconnect' as const, 'restart' as const, 'switch' as const) }) },
);

test('any interleaving of outcomes, lost connections, stalls, restarts and other gateways leaves a console with exactly what there was, in order and once, or with a declared gap', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), fc.constantFrom('', 'action:decline'), (steps, filter) => {
      const run = new Run(filter);
      for (const each of steps) run.take(each);
      run.settle();
      run.check();
    }),
    { numRuns: 60 },
  );
});

test('rows that come faster than the ring holds them between two frames are told of all the same', () => {
  const run = new Run('');
  run.take({ do: 'read', rows: 1 });
  run.take({ do: 'tick', times: 1 });
  for (let batch = 0; batch < 5; batch++) run.take({ do: 'read', rows: 119 });
  run.settle();
  run.check();
});

/** Two gateways that read the same log at their own pace, and a console that is at one of them. */
class Run {
  readonly #console = new SimulatedConsole();
  #gateways: SimulatedFeed[] = [];
  #started = 0;
  #written = 0;

  constructor(filter: string) {
    this.#console.follower.chooseFilter(filter);
    this.#gateways = [this.#start(), this.#start()];
    this.#console.connect(this.#gateways[0]!);
  }

  take(step: { do: string; rows?: number; times?: number }): void {
    const [here, other] = this.#gateways as [SimulatedFeed, SimulatedFeed];
    const lose = () => this.#console.disconnect();
    const connect = (feed: SimulatedFeed) => {
      lose();
      this.#console.connect(feed);
    };
    if (step.do === 'read') this.#write(step.rows ?? 0);
    else if (step.do === 'tick') this.#tick(step.times ?? 1);
    else if (step.do === 'stall') this.#console.isStalled = true;
    else if (step.do === 'drain') this.#console.drain();
    else if (step.do === 'hang') this.#console.acknowledges = !this.#console.acknowledges;
    else if (step.do === 'lose') lose();
    else if (step.do === 'reconnect') connect(here);
    else if (step.do === 'restart') {
      lose();
      this.#gateways = [this.#start(), other];
    } else {
      this.#gateways = [other, here];
      connect(other);
    }
  }

  settle(): void {
    this.#console.acknowledges = true;
    this.#console.drain();
    if (!this.#console.feed) this.#console.connect(this.#gateways[0]!);
    for (const gateway of this.#gateways) this.#readAll(gateway);
    this.#tick(80);
  }

  check(): void {
    for (const { event, message } of this.#console.received) {
      if (event === 'frame') Frame.parse(message);
      if (event === 'snapshot') Snapshot.parse(message);
    }
    const wanted = range(1, this.#written).filter((seq) => this.#console.follower.subscription.filter === '' || isDeclined(seq));
    const shown = this.#console.shown.filter((seq) => seq !== 'gap');
    expect(new Set(shown).size).toBe(shown.length);
    expect(shown).toEqual([...shown].sort((a, b) => a - b));
    let after = shown[0] === undefined ? -1 : wanted.indexOf(shown[0]) - 1;
    for (const [index, seq] of this.#console.shown.entries()) {
      if (seq === 'gap') continue;
      const place = wanted.indexOf(seq);
      if (place !== after + 1) expect(this.#console.shown[index - 1]).toBe('gap');
      after = place;
    }
    expect(after).toBe(wanted.length - 1);
  }

  /** A gateway begins at most 60 outcomes back. */
  #start(): SimulatedFeed {
    const from = Math.max(1, this.#written - 59);
    const feed = new SimulatedFeed({ epoch: `epoch_${++this.#started}`, from, capacity: 120, nowMs: this.#console.nowMs });
    this.#readAll(feed);
    feed.tick();
    return feed;
  }

  #write(rows: number): void {
    this.#written += rows;
    this.#readAll(this.#gateways[0]!); // the other one reads later, at its ticks
  }

  #tick(times: number): void {
    this.#console.nowMs += 100 * times;
    this.#readAll(this.#gateways[1]!);
    for (const gateway of this.#gateways) gateway.tick(times);
  }

  /** Every row has to be seen, so none is sampled out. */
  #readAll(gateway: SimulatedFeed): void {
    while (gateway.head < this.#written) gateway.read(1, { score: 900, action: isDeclined(gateway.head + 1) ? 'decline' : 'approve' });
  }
}

const isDeclined = (seq: number) => seq % 3 === 0;
