import { DAY_MS, LABEL_DELAY_DAYS } from './features/feature-windows.ts';

/** Days since the epoch, `to` excluded. */
export interface DayRange {
  readonly from: number;
  readonly to: number;
}

/** What each stretch of days is used for, one behind the other. */
export interface TrainingWindows {
  /** The weights are fitted on it. */
  readonly fit: DayRange;
  /** The calibration is fitted on it: later than the weights, so that it sees what they do on new days. */
  readonly calibration: DayRange;
  /** Labels of these days are not known yet when testing starts; only the scores are used, for the thresholds. */
  readonly thresholds: DayRange;
  readonly test: DayRange;
}

const FIT_DAYS = 28;
const CALIBRATION_DAYS = 7;
const TEST_DAYS = 7;

/** Lays the windows out from the first day of fitting. */
export function planWindows(firstDay: number): TrainingWindows {
  const calibrationFrom = firstDay + FIT_DAYS;
  const thresholdsFrom = calibrationFrom + CALIBRATION_DAYS;
  const testFrom = thresholdsFrom + LABEL_DELAY_DAYS;
  return {
    fit: { from: firstDay, to: calibrationFrom },
    calibration: { from: calibrationFrom, to: thresholdsFrom },
    thresholds: { from: thresholdsFrom, to: testFrom },
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
