import { register, type Histogram as DriverHistogram, type MetricObjectWithValues, type MetricValueWithName } from 'prom-client';

export interface HistogramOptions<L extends string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly L[];
  /** Upper bounds, ascending; there is one more without a bound. */
  readonly buckets: readonly number[];
}

type Labels<L extends string> = Readonly<Record<L, string>>;

/** What was counted under one choice of labels. */
interface Series {
  readonly labels: Readonly<Record<string, string>>;
  /** By bucket, not cumulative; the last has no bound. */
  readonly counts: Float64Array;
  sum: number;
}

/**
 * A histogram of Prometheus that costs next to nothing to observe: a payment is observed a dozen times on its way. prom-client's own keeps its
 * buckets in an object by the text of their bounds and joins the labels to a text each time; this one is a place in an array, and makes what
 * Prometheus reads when it is asked for. Registered like every other.
 */
export class Histogram<L extends string = never> {
  readonly name: string;
  readonly help: string;
  readonly #labelNames: readonly L[];
  readonly #bounds: Float64Array;
  readonly #series = new Map<string, Series>();

  constructor({ name, help, labelNames = [], buckets }: HistogramOptions<L>) {
    this.name = name;
    this.help = help;
    this.#labelNames = labelNames;
    this.#bounds = Float64Array.from(buckets);
    this.reset();
    register.registerMetric(this as unknown as DriverHistogram<L>);
  }

  /** Counts one value. Throws `TypeError` for what is no finite number: its sum would be none for ever. */
  observe(labels: Labels<L>, value: number): void {
    if (!Number.isFinite(value)) throw new TypeError(`${this.name} cannot observe ${value}`);
    const series = this.#seriesOf(labels);
    const bounds = this.#bounds;
    let bucket = 0;
    while (bucket < bounds.length && value > (bounds[bucket] as number)) bucket++;
    series.counts[bucket] = (series.counts[bucket] as number) + 1;
    series.sum += value;
  }

  /** Starts to measure; the function that it gives observes the seconds since. */
  startTimer(labels: Labels<L>): () => void {
    const startedMs = performance.now();
    return () => this.observe(labels, (performance.now() - startedMs) / 1000);
  }

  /** Forgets everything. One without labels shows zeros from the start. */
  reset(): void {
    this.#series.clear();
    if (this.#labelNames.length === 0) this.#seriesOf({} as Labels<L>);
  }

  /** What Prometheus reads, as the registry asks for it. */
  get(): Promise<MetricObjectWithValues<MetricValueWithName<string>>> {
    const values = [...this.#series.values()].flatMap((series) => this.#render(series));
    return Promise.resolve({ name: this.name, help: this.help, type: 'histogram', aggregator: 'sum', values } as never);
  }

  #seriesOf(labels: Labels<L>): Series {
    const names = this.#labelNames;
    let key = names.length === 0 ? '' : labels[names[0] as L];
    for (let place = 1; place < names.length; place++) key += `\n${labels[names[place] as L]}`;
    const known = this.#series.get(key);
    if (known) return known;
    const series = {
      labels: Object.fromEntries(names.map((name) => [name, labels[name]])),
      counts: new Float64Array(this.#bounds.length + 1),
      sum: 0,
    };
    this.#series.set(key, series);
    return series;
  }

  #render({ labels, counts, sum }: Series): MetricValueWithName<string>[] {
    let count = 0;
    const buckets = Array.from(counts, (inside, place) => {
      count += inside;
      const le = place < this.#bounds.length ? (this.#bounds[place] as number) : '+Inf';
      return { labels: { le, ...labels }, value: count, metricName: `${this.name}_bucket` };
    });
    return [...buckets, { labels, value: sum, metricName: `${this.name}_sum` }, { labels, value: count, metricName: `${this.name}_count` }];
  }
}
