import type { Logger } from '@trancendos/platform/log';
import type { Received, Verdict } from '@trancendos/platform/consume';
import { PublishError, type Publisher } from '@trancendos/platform/publish';

export interface TellParts {
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly log: Pick<Logger, 'warn'>;
}

/**
 * Publishes the real decisions among `received` that the ledger has passed over because another one of the same transaction counted: whoever
 * answered by policy learns what would have been decided. For the record alone: it is told after the commit and changes no money, so a
 * process that dies in between, or a broker that is away for long, leaves it untold.
 */
export async function tellLateDecisions(
  { publisher, log }: TellParts,
  received: readonly Received<'decisions' | 'ledgerCommands'>[],
  verdicts: readonly Verdict[],
): Promise<void> {
  const late = received.filter(
    (message, index): message is Received<'decisions'> =>
      message.topic === 'decisions' && message.value.actor !== 'policy' && verdicts[index]?.kind === 'drop',
  );
  if (late.length === 0) return;
  try {
    await Promise.all(late.map(({ key, value, correlationId }) => publisher.publish('lateDecisions', key, value, correlationId)));
  } catch (error) {
    if (!(error instanceof PublishError)) throw error;
    log.warn({ err: error, decisions: late.length }, 'decisions that came too late could not be told');
  }
}
