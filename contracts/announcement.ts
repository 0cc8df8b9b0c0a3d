/**
 * What the ledger says on Redis of the decisions that it has just committed, for whoever has a request waiting for one of them. It is said
 * once and may be lost: `outcomes.v1` carries the same outcomes, durably, a little later.
 */
export const ANNOUNCEMENTS_CHANNEL = 'ledger:outcomes';

/** One announced outcome. */
export interface Announced {
  readonly merchantId: string;
  readonly transactionId: string;
  /** The outcome as `outcomes.v1` has it, in JSON. */
  readonly text: string;
}

/**
 * Announced outcomes as one message: two lines each, the ids and the outcome. Whoever waits for none of them need not parse it: neither id
 * holds a space, and JSON no line feed.
 */
export function writeAnnouncement(announced: readonly Announced[]): string {
  return announced.map(({ merchantId, transactionId, text }) => `${merchantId} ${transactionId}\n${text}`).join('\n');
}

/** The outcomes of a message that `writeAnnouncement` made; what is cut short is left out. */
export function readAnnouncement(message: string): Announced[] {
  const lines = message.split('\n');
  const announced: Announced[] = [];
  for (let place = 0; place + 1 < lines.length; place += 2) {
    const [merchantId = '', transactionId = ''] = (lines[place] ?? '').split(' ');
    announced.push({ merchantId, transactionId, text: lines[place + 1] ?? '' });
  }
  return announced;
}
