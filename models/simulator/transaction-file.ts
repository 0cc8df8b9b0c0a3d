/** Columns of a transaction file, a gzipped CSV without quotes and with `\n` line ends. */
export const FILE_COLUMNS = 'transaction_id,time,customer_id,terminal_id,amount_minor,fraud,scenario';

/** The column that a file may have after those: when it becomes known whether the transaction was fraud. */
export const LABEL_COLUMN = 'label_known_at';

/** One row of a transaction file. */
export interface TransactionRow {
  readonly transactionId: number;
  /** Whole seconds, in ms since the epoch. Never before that of the row above. */
  readonly occurredAtMs: number;
  readonly customerId: number;
  readonly terminalId: number;
  readonly amountMinor: number;
  readonly fraud: boolean;
  /** 0 genuine, 1 over the limit, 2 compromised terminal, 3 stolen card. A cause is never an input of a model. */
  readonly scenario: number;
  /** In ms since the epoch; null in a file without that column. */
  readonly labelKnownAtMs: number | null;
}
