import { selectExamples, type Examples } from './collect-examples.ts';
import { LABEL_DELAY_DAYS } from './features/feature-windows.ts';
import type { TrainingWindows } from './plan-windows.ts';

/**
 * The test week's examples by the handbook's protocol (chapter 5, "Prequential validation"): on each day without the customers of whom a
 * fraud since the training week began is known by then, because their cards would be blocked.
 */
export function selectTestRows(examples: Examples, windows: TrainingWindows): Examples {
  const fraudDays = new Map<number, number[]>();
  for (let row = 0; row < examples.count; row++) {
    const day = examples.day[row] ?? 0;
    if (examples.fraud[row] !== 1 || day < windows.start) continue;
    const customer = examples.customer[row] ?? 0;
    fraudDays.set(customer, [...(fraudDays.get(customer) ?? []), day]);
  }
  return selectExamples(examples, windows.test, (row) => {
    const day = examples.day[row] ?? 0;
    return !fraudDays.get(examples.customer[row] ?? 0)?.some((fraudDay) => fraudDay < day - LABEL_DELAY_DAYS);
  });
}
