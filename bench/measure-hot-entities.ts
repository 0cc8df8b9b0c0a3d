import { FEATURE_COUNT } from '@trancendos/models/features/declare-features';
import type { BeliefParameters } from '@trancendos/models/features/describe-beliefs';
import { FeatureKernel } from '@trancendos/models/features/feature-kernel';
import { DAY_MS, LABEL_DELAY_DAYS } from '@trancendos/models/features/feature-windows';

/** What the features of one payment cost where a single payer or terminal has most of the traffic. */
export interface HotEntityFigures {
  readonly entity: 'payer' | 'terminal';
  /** Whether a tenth of the payments come three hours late, and labels up to two days. */
  readonly late: boolean;
  readonly paymentsADay: number;
  readonly microseconds: number;
}

const PAYMENTS_A_DAY = 2_000;
const DAYS = 24;
const MEASURED_DAYS = 2;
const OTHERS = 5_000;
const LATE_MS = 3 * 3_600_000;
const START_MS = Date.UTC(2026, 0, 5);

/** Folds and reads `DAYS` days of one hot entity, in order and out of order, and measures the last `MEASURED_DAYS`. */
export function measureHotEntities(beliefs: BeliefParameters): HotEntityFigures[] {
  return (['payer', 'terminal'] as const).flatMap((entity) =>
    [false, true].map((late) => ({ entity, late, paymentsADay: PAYMENTS_A_DAY, microseconds: measure(beliefs, entity, late) })),
  );
}

function measure(beliefs: BeliefParameters, entity: 'payer' | 'terminal', late: boolean): number {
  const kernel = new FeatureKernel(beliefs);
  const vector = new Float64Array(FEATURE_COUNT);
  let startedMs = 0;
  for (let index = 0; index < PAYMENTS_A_DAY * DAYS; index++) {
    if (index === PAYMENTS_A_DAY * (DAYS - MEASURED_DAYS)) startedMs = performance.now();
    const other = String(index % OTHERS);
    const timeMs = START_MS + (index * DAY_MS) / PAYMENTS_A_DAY - (late && index % 10 === 0 ? LATE_MS : 0);
    const event = {
      subject: entity === 'payer' ? 'hot' : other,
      terminal: entity === 'terminal' ? 'hot' : other,
      id: `t-${index}`,
      timeMs,
      amountThousandths: 20_000 + (index % 37) * 1_000,
    };
    const countsFromMs = timeMs + (LABEL_DELAY_DAYS + (late ? index % 3 : 0)) * DAY_MS;
    kernel.fold(event, { fraud: index % 100 === 7, countsFromMs });
    kernel.read(event, vector);
  }
  return Math.round(((performance.now() - startedMs) * 1e4) / (PAYMENTS_A_DAY * MEASURED_DAYS)) / 10;
}
