import { locale } from './locale.ts';

const two = (value: number) => String(value).padStart(2, '0');

/** A moment (ISO 8601 or epoch ms) in the reader's time zone as `16:04:11`. */
export function formatClock(moment: string | number): string {
  const date = new Date(moment);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** A moment in the reader's time zone to the minute: `16:04`. */
export function formatMinute(moment: string | number): string {
  return formatClock(moment).slice(0, 5);
}

/** A moment in the reader's time zone to the millisecond: `16:04:11.482`. */
export function formatClockMs(moment: string | number): string {
  return `${formatClock(moment)}.${String(new Date(moment).getMilliseconds()).padStart(3, '0')}`;
}

/** A moment with its day: `2026-05-01 16:04:11`. */
export function formatDayClock(moment: string | number): string {
  const date = new Date(moment);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${formatClock(moment)}`;
}

/** A length of time in the two units that matter: `22 min`, `23 h 58 min`, `41 s`. Never negative. */
export function formatDuration(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} ${locale.get() === 'fr' ? 'j' : 'd'}`;
}

/** A day in words of the reader's language: `1 May 2026`, `1 mai 2026`. */
export function formatDay(moment: string | number): string {
  const language = locale.get() === 'fr' ? 'fr' : 'en-GB';
  return new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', year: 'numeric' }).format(new Date(moment));
}
