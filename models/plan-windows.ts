import { DAY_MS, LABEL_DELAY_DAYS } from './features/feature-windows.ts';

/** Days since the epoch, `to` excluded. */
export interface DayRange {
  readonly from: number;
  readonly to: number;
}

/** What each stretch of days is used for. */
export interface TrainingWindows {
  /** First day of the training week by which the handbook names a fold. */
  readonly start: number;
  /** The weights are fitted on it: the training week and the three weeks before. */
  readonly fit: DayRange;
  /** Labels of these days are not known yet when testing starts; only the scores are used, for the thresholds. */
  readonly thresholds: DayRange;
  readonly test: DayRange;
}

const TRAINING_DAYS = 7;
const TEST_DAYS = 7;

/** Lays the windows of a fold out from the first day of its training week, with `fitDays` days of fitting that end with that week. */
export function planWindows(start: number, fitDays = 28): TrainingWindows {
  const fitTo = start + TRAINING_DAYS;
  const testFrom = fitTo + LABEL_DELAY_DAYS;
  return {
    start,
    fit: { from: fitTo - fitDays, to: fitTo },
    thresholds: { from: fitTo, to: testFrom },
    test: { from: testFrom, to: testFrom + TEST_DAYS },
  };
}

/** The day of a date such as `2018-06-27`, as days since the epoch. */
export function dayOf(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}

/** The date of a day. */
export function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
