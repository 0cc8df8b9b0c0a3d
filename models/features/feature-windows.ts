export const DAY_MS = 86_400_000;

/** Lengths of the windows that are counted over, in days. */
export const WINDOW_DAYS = [1, 7, 30] as const;

/**
 * How long it takes until a fraud is known: terminal windows end this many days before the transaction, and an older payment that is not known
 * as fraud is taken for genuine.
 */
export const LABEL_DELAY_DAYS = 7;

/**
 * How much of an entity is kept, reckoned from its newest event: the longest window with the label delay and one day for events that come
 * out of order. Windows of an event that is later than that reach into what was forgotten.
 */
export const HISTORY_DAYS = 38;
/** Most events of an entity that are looked at one by one for one vector: the newest. Keeps a vector's cost bounded for the busiest. */
export const EVENTS_LOOKED_AT_MAX = 256;

export const RETENTION_MS = HISTORY_DAYS * DAY_MS;
