import type { z } from 'zod';
import { ApiKeyAnswer, ApiKeysAnswer, NewApiKey, NewApiKeyAnswer, type KeyScope } from './api-key.ts';
import { BulkLine, HistoryAnswer, HistoryProgress, LabelAnswer, LabelsAnswer, TransactionAnswer, type ProblemCode } from './http.ts';
import { LabelRequest } from './label.ts';
import { CaptureRequest, OperationAnswer, OperationsAnswer, RefundRequest, VoidRequest } from './operation.ts';
import { MerchantSettings, SettingsAnswer } from './settings.ts';
import { HistoryRecord, TransactionRequest } from './transaction.ts';
import {
  NewWebhookEndpoint,
  WebhookDeliveriesAnswer,
  WebhookEndpointAnswer,
  WebhookEndpointsAnswer,
  WebhookReplayAnswer,
  WebhookSampleAnswer,
  WebhookSampleRequest,
  WebhookSecretAnswer,
} from './webhook.ts';

/** One thing that a merchant can ask for. */
export interface MerchantOperation {
  readonly id: string;
  readonly summary: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With parameters in braces. */
  readonly path: string;
  readonly scope: KeyScope;
  /** A shape with its name in the document. */
  readonly body?: readonly [name: string, schema: z.ZodType];
  /** A body to begin with, where the viewer's own would not be taken. */
  readonly example?: Readonly<Record<string, unknown>>;
  /** An empty body is taken too: nothing in it is needed. */
  readonly bodyMayBeEmpty?: true;
  /** `ndjson`: one object of the named shape a line. Default `json`. */
  readonly bodyType?: 'json' | 'ndjson';
  readonly idempotencyKey?: 'required' | 'optional';
  readonly answer: readonly [name: string, schema: z.ZodType];
  readonly answerType?: 'json' | 'ndjson';
  /** A line of what is answered meanwhile to those who accept `application/x-ndjson`. */
  readonly progress?: readonly [name: string, schema: z.ZodType];
  /** Statuses of success. Default 200. */
  readonly statuses?: readonly number[];
  /** Problems beside the ones that every address may answer with. */
  readonly problems?: readonly ProblemCode[];
}

const request = ['TransactionRequest', TransactionRequest] as const;
const answer = ['TransactionAnswer', TransactionAnswer] as const;
const endpoint = ['WebhookEndpointAnswer', WebhookEndpointAnswer] as const;
const secret = ['WebhookSecretAnswer', WebhookSecretAnswer] as const;
const EXAMPLE = { transaction_id: 'order-1001', occurred_at: '2026-05-01T16:04:11.482Z' };
const BODY: readonly ProblemCode[] = [
  'malformed_json',
  'invalid_field',
  'unknown_field',
  'card_number_refused',
  'body_too_large',
  'unsupported_media_type',
];
const TIMES: readonly ProblemCode[] = ['event_time_in_future', 'event_time_too_old'];
const KEYS: readonly ProblemCode[] = ['idempotency_key_missing', 'idempotency_key_reused'];
const OPERATION: readonly ProblemCode[] = [
  ...BODY,
  ...KEYS,
  'transaction_unknown',
  'decision_pending',
  'operation_in_progress',
  'account_blocked',
  'too_many_operations',
  'operation_refused',
];
const operation = {
  method: 'POST',
  scope: 'transactions:write',
  bodyMayBeEmpty: true,
  idempotencyKey: 'required',
  answer: ['OperationAnswer', OperationAnswer],
  statuses: [200, 202],
} as const;
const webhooks = { scope: 'webhooks:write', problems: ['webhook_unknown'] } as const;

/** The merchant API, whole. OpenAPI is rendered from it. */
export const MERCHANT_OPERATIONS: readonly MerchantOperation[] = [
  {
    id: 'decideTransaction',
    summary: 'Decide a transaction and move its money',
    method: 'POST',
    path: '/v1/transactions',
    scope: 'transactions:write',
    body: request,
    example: { ...EXAMPLE, amount_minor: 1249, currency: 'EUR', payer: { account_id: 'ACC-90042' }, deadline_ms: 1_000 },
    idempotencyKey: 'required',
    answer,
    statuses: [200, 202],
    problems: [...BODY, ...TIMES, ...KEYS, 'transaction_id_reused', 'test_token_refused', 'test_token_unknown', 'too_many_waiting'],
  },
  {
    id: 'decideTransactions',
    summary: 'Decide up to 500 transactions, with an answer a line',
    method: 'POST',
    path: '/v1/transactions/bulk',
    scope: 'transactions:write',
    body: request,
    bodyType: 'ndjson',
    answer: ['BulkLine', BulkLine],
    answerType: 'ndjson',
    problems: ['body_too_large', 'unsupported_media_type', 'too_many_waiting'],
  },
  {
    id: 'getTransaction',
    summary: 'Ask for a transaction',
    method: 'GET',
    path: '/v1/transactions/{id}',
    scope: 'transactions:read',
    answer,
    problems: ['transaction_unknown', 'card_number_refused'],
  },
  {
    id: 'captureTransaction',
    summary: 'Take money that is held, all or part of it',
    path: '/v1/transactions/{id}/capture',
    ...operation,
    body: ['CaptureRequest', CaptureRequest],
    example: { amount_minor: 1000 },
    problems: [...OPERATION, 'nothing_held', 'already_captured', 'already_voided', 'hold_expired', 'capture_exceeds_hold'],
  },
  {
    id: 'voidTransaction',
    summary: 'Release money that is held',
    path: '/v1/transactions/{id}/void',
    ...operation,
    body: ['VoidRequest', VoidRequest],
    problems: [...OPERATION, 'nothing_held', 'already_captured', 'already_voided', 'hold_expired'],
  },
  {
    id: 'refundTransaction',
    summary: 'Give posted money back, all or part of it',
    path: '/v1/transactions/{id}/refund',
    ...operation,
    body: ['RefundRequest', RefundRequest],
    example: { amount_minor: 500, reason: 'came late' },
    problems: [...OPERATION, 'nothing_posted', 'already_refunded', 'refund_exceeds_posted', 'balance_too_low'],
  },
  {
    id: 'listOperations',
    summary: 'List what has happened to the money of a transaction',
    method: 'GET',
    path: '/v1/transactions/{id}/operations',
    scope: 'transactions:read',
    answer: ['OperationsAnswer', OperationsAnswer],
    problems: ['transaction_unknown', 'card_number_refused'],
  },
  {
    id: 'labelTransaction',
    summary: 'Say what a transaction turned out to be',
    method: 'POST',
    path: '/v1/labels',
    scope: 'labels:write',
    body: ['LabelRequest', LabelRequest],
    example: { transaction_id: EXAMPLE.transaction_id, fraud: true, source: 'merchant', known_at: EXAMPLE.occurred_at },
    idempotencyKey: 'optional',
    answer: ['LabelAnswer', LabelAnswer],
    statuses: [200, 202],
    problems: [...BODY, ...TIMES, ...KEYS, 'too_many_parked'],
  },
  {
    id: 'listLabels',
    summary: 'List the labels of a transaction, with the one that holds',
    method: 'GET',
    path: '/v1/transactions/{id}/labels',
    scope: 'transactions:read',
    answer: ['LabelsAnswer', LabelsAnswer],
    problems: ['transaction_unknown', 'card_number_refused'],
  },
  {
    id: 'importHistory',
    summary: 'Import past transactions',
    method: 'POST',
    path: '/v1/history',
    scope: 'history:write',
    body: ['HistoryRecord', HistoryRecord],
    bodyType: 'ndjson',
    answer: ['HistoryAnswer', HistoryAnswer],
    progress: ['HistoryProgress', HistoryProgress],
    problems: ['unsupported_media_type'],
  },
  {
    id: 'listKeys',
    summary: 'List API keys',
    method: 'GET',
    path: '/v1/keys',
    scope: 'keys:write',
    answer: ['ApiKeysAnswer', ApiKeysAnswer],
  },
  {
    id: 'createKey',
    summary: 'Create an API key, shown once',
    method: 'POST',
    path: '/v1/keys',
    scope: 'keys:write',
    body: ['NewApiKey', NewApiKey],
    example: { mode: 'test', name: 'web shop' },
    answer: ['NewApiKeyAnswer', NewApiKeyAnswer],
    statuses: [201],
    problems: [...BODY, 'too_many_keys'],
  },
  {
    id: 'revokeKey',
    summary: 'Take an API key out of use',
    method: 'DELETE',
    path: '/v1/keys/{id}',
    scope: 'keys:write',
    answer: ['ApiKeyAnswer', ApiKeyAnswer],
    problems: ['key_unknown'],
  },
  {
    id: 'getSettings',
    summary: 'Read the settings',
    method: 'GET',
    path: '/v1/settings',
    scope: 'settings:write',
    answer: ['SettingsAnswer', SettingsAnswer],
  },
  {
    id: 'putSettings',
    summary: 'Replace the settings',
    method: 'PUT',
    path: '/v1/settings',
    scope: 'settings:write',
    body: ['MerchantSettings', MerchantSettings],
    example: { require_signature: false, on_timeout: [{ currency: 'EUR', up_to_minor: 5000, action: 'approve' }, { action: 'review' }] },
    answer: ['SettingsAnswer', SettingsAnswer],
    problems: BODY,
  },
  {
    id: 'listWebhooks',
    summary: 'List webhook endpoints',
    method: 'GET',
    path: '/v1/webhooks',
    scope: 'webhooks:write',
    answer: ['WebhookEndpointsAnswer', WebhookEndpointsAnswer],
  },
  {
    id: 'addWebhook',
    summary: 'Add a webhook endpoint, with its secret shown once',
    method: 'POST',
    path: '/v1/webhooks',
    scope: 'webhooks:write',
    body: ['NewWebhookEndpoint', NewWebhookEndpoint],
    example: { url: 'https://shop.example.com/hook' },
    answer: secret,
    statuses: [201],
    problems: [...BODY, 'webhook_target_refused', 'too_many_webhooks'],
  },
  {
    id: 'removeWebhook',
    summary: 'Remove a webhook endpoint with its log',
    method: 'DELETE',
    path: '/v1/webhooks/{id}',
    answer: endpoint,
    ...webhooks,
  },
  {
    id: 'enableWebhook',
    summary: 'Switch a webhook endpoint on again',
    method: 'POST',
    path: '/v1/webhooks/{id}/enable',
    answer: endpoint,
    ...webhooks,
  },
  {
    id: 'rotateWebhookSecret',
    summary: 'Give a webhook endpoint a new secret',
    method: 'POST',
    path: '/v1/webhooks/{id}/rotate-secret',
    answer: secret,
    ...webhooks,
  },
  {
    id: 'sendSampleEvent',
    summary: 'Send a sample of an event to a webhook endpoint',
    method: 'POST',
    path: '/v1/webhooks/{id}/test',
    scope: 'webhooks:write',
    body: ['WebhookSampleRequest', WebhookSampleRequest],
    example: { type: 'transaction.approved' },
    answer: ['WebhookSampleAnswer', WebhookSampleAnswer],
    statuses: [202],
    problems: [...BODY, 'webhook_unknown', 'webhook_disabled'],
  },
  {
    id: 'listDeliveries',
    summary: 'List the newest deliveries to a webhook endpoint',
    method: 'GET',
    path: '/v1/webhooks/{id}/deliveries',
    answer: ['WebhookDeliveriesAnswer', WebhookDeliveriesAnswer],
    ...webhooks,
  },
  {
    id: 'replayDelivery',
    summary: 'Send an event again',
    method: 'POST',
    path: '/v1/webhooks/{id}/deliveries/{event}/replay',
    answer: ['WebhookReplayAnswer', WebhookReplayAnswer],
    statuses: [202],
    ...webhooks,
  },
];
