import { z } from 'zod';

/** A moment as ISO 8601 in UTC with milliseconds, e.g. `2026-05-01T16:04:11.482Z`. Sorts as text. */
export const Instant = z.iso.datetime({ precision: 3, offset: false });
export type Instant = z.infer<typeof Instant>;
