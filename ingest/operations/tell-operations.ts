import type { Operation } from '@trancendos/contracts/operation';
import type { WebhookEventType } from '@trancendos/contracts/webhook';
import type pg from 'pg';
import { OPERATIONS_SQL, type PaymentFile } from './store-operations.ts';
import { renderCurrent, renderOperation, renderOperationAnswer } from './render-operation.ts';

interface Untold extends PaymentFile {
  readonly operation_id: string;
}

const SELECT = `
  SELECT untold.operation_id, t.message AS transaction, a.body::json AS answer, ${OPERATIONS_SQL} AS operations
  FROM ingest.operations untold
    JOIN ingest.transactions t USING (merchant_id, transaction_id)
    JOIN ingest.answers a USING (merchant_id, transaction_id)
  WHERE untold.operation_id = ANY($1) AND untold.status = 'applied' AND NOT untold.told`;

/** The answers to those who asked and the events to tell, in one statement: both or neither. */
const STORE = `
  WITH told AS (
    UPDATE ingest.operations o SET told = true, answer = CASE WHEN o.request_id IS NOT NULL THEN event.answer END
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) AS event (operation_id, answer, event_id, type, body)
    WHERE o.operation_id = event.operation_id AND NOT o.told
    RETURNING o.merchant_id, event.event_id, event.type, event.body
  )
  INSERT INTO ingest.webhook_deliveries (endpoint_id, event_id, type, body)
  SELECT e.endpoint_id, told.event_id, told.type, told.body
  FROM told JOIN ingest.webhook_endpoints e ON e.merchant_id = told.merchant_id AND e.enabled AND told.type = ANY(e.event_types)
  ON CONFLICT DO NOTHING`;

const TYPE: Record<Operation['kind'], WebhookEventType> = {
  capture: 'transaction.captured',
  void: 'transaction.voided',
  refund: 'transaction.refunded',
  expire: 'transaction.expired',
};

/** Writes answers and events of those of these operations that are applied and not told. One whose payment's answer is still to be stored waits. */
export async function tellOperations(pool: pg.Pool, operationIds: readonly string[]): Promise<void> {
  const { rows } = await pool.query<Untold>({ name: 'untold-operations', text: SELECT, values: [operationIds] });
  const events = rows.flatMap(render);
  if (events.length === 0) return;
  await pool.query({
    name: 'tell-operations',
    text: STORE,
    values: [
      events.map(({ operationId }) => operationId),
      events.map(({ answer }) => answer),
      events.map(({ eventId }) => eventId),
      events.map(({ type }) => type),
      events.map(({ body }) => body),
    ],
  });
}

function render(file: Untold) {
  const operation = file.operations.find(({ operation_id }) => operation_id === file.operation_id);
  if (!operation?.outcome || !file.answer) return [];
  const { ledger_seq, committed_at } = operation.outcome;
  const type = TYPE[operation.kind];
  const data = renderCurrent(file.answer, file, ledger_seq ?? undefined);
  return [
    {
      operationId: file.operation_id,
      answer: JSON.stringify(renderOperationAnswer(file, operation, operation.request_id ?? file.transaction.request_id)),
      eventId: file.operation_id.replace(/^(cmd|exp)_/, 'evt_'),
      type,
      body: JSON.stringify({ type, timestamp: committed_at, data, operation: renderOperation(operation) }),
    },
  ];
}
