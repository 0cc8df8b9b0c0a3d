import type { CommandOutcome, LedgerCommand } from '@trancendos/contracts/ledger-command';
import type { HoldState, TransferMade } from '@trancendos/contracts/transfer';
import { nowMs, toInstant } from '@trancendos/platform/clock';

/** What a test says about an outcome of the ledger; the rest is filled in. */
export interface OutcomeSample {
  readonly command?: LedgerCommand;
  readonly kind?: CommandOutcome['kind'];
  readonly ledgerSeq: number;
  readonly transfers?: readonly Pick<TransferMade, 'transfer_id' | 'kind' | 'amount_minor' | 'related_to'>[];
  readonly hold?: Partial<HoldState> & Pick<HoldState, 'hold_id'>;
  readonly code?: CommandOutcome['code'];
}

/** An outcome as the ledger publishes it, for tests: applied, unless a code says why not. */
export function sampleCommandOutcome(sample: OutcomeSample): CommandOutcome {
  const { command, ledgerSeq, hold, code = null, kind = command?.kind ?? 'expire' } = sample;
  const now = toInstant(nowMs());
  return {
    ...whoAsked(command),
    event_id: `ledger-commands.v1/0/${ledgerSeq}`,
    kind,
    status: code === null ? 'applied' : 'refused',
    code,
    detail: code,
    field: null,
    repeated: false,
    approved_by: null,
    reason: null,
    transfers: (sample.transfers ?? []).map((transfer, index) => ({
      seq: ledgerSeq * 10 + index,
      debit_account_id: 'customer:ACC-00017:EUR',
      credit_account_id: 'merchant:books-03:EUR',
      currency: 'EUR' as const,
      effective_at: now,
      ...transfer,
    })),
    hold: hold ? sampleHold(hold, now) : null,
    ledger_seq: code === null ? ledgerSeq : null,
    committed_at: now,
  };
}

function whoAsked(command: LedgerCommand | undefined): Pick<CommandOutcome, 'command_id' | 'requested_by'> {
  return { command_id: command?.command_id ?? null, requested_by: command?.requested_by ?? null };
}

function sampleHold(hold: NonNullable<OutcomeSample['hold']>, now: string): HoldState {
  return {
    status: 'captured',
    amount_minor: '1249',
    remaining_minor: '0',
    captured_minor: '0',
    expires_at: now,
    merchant_id: null,
    transaction_id: null,
    ...hold,
  };
}
