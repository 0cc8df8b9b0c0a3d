export { TrancendosClient, type RequestOptions } from './client.ts';
export type { ClientOptions } from './call-api.ts';
export { TrancendosError } from './problem-error.ts';
export { adviseNext, type NextStep } from './advise-next.ts';
export { verifyWebhook, WebhookVerificationError, type WebhookHeaders, type WebhookOptions } from './verify-webhook.ts';
export type { ImportedHistory, ImportOptions } from './import-history.ts';
export type { ApiKeyAnswer, ApiKeysAnswer, NewApiKey, NewApiKeyAnswer } from '@trancendos/contracts/api-key';
export type {
  BulkLine,
  HistoryProgress,
  LabelAnswer,
  LabelsAnswer,
  Problem,
  ProblemCode,
  TransactionAnswer,
} from '@trancendos/contracts/http';
export type { LabelRequest } from '@trancendos/contracts/label';
export type { CaptureRequest, OperationAnswer, OperationsAnswer, RefundRequest, VoidRequest } from '@trancendos/contracts/operation';
export type { MerchantSettings, SettingsAnswer } from '@trancendos/contracts/settings';
export type { HistoryRecord, TransactionRequest } from '@trancendos/contracts/transaction';
export type {
  NewWebhookEndpoint,
  WebhookDeliveriesAnswer,
  WebhookEndpointAnswer,
  WebhookEndpointsAnswer,
  WebhookEvent,
  WebhookEventType,
  WebhookReplayAnswer,
  WebhookSampleAnswer,
  WebhookSecretAnswer,
} from '@trancendos/contracts/webhook';
