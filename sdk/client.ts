import type { ApiKeyAnswer, ApiKeysAnswer, NewApiKey, NewApiKeyAnswer } from '@trancendos/contracts/api-key';
import type { BulkLine, LabelAnswer, LabelsAnswer, TransactionAnswer } from '@trancendos/contracts/http';
import type { LabelRequest } from '@trancendos/contracts/label';
import type {
  CaptureRequest,
  OperationAnswer,
  OperationKind,
  OperationsAnswer,
  RefundRequest,
  VoidRequest,
} from '@trancendos/contracts/operation';
import type { MerchantSettings, SettingsAnswer } from '@trancendos/contracts/settings';
import type { HistoryRecord, TransactionRequest } from '@trancendos/contracts/transaction';
import type {
  NewWebhookEndpoint,
  WebhookDeliveriesAnswer,
  WebhookEndpointAnswer,
  WebhookEndpointsAnswer,
  WebhookEventType,
  WebhookReplayAnswer,
  WebhookSampleAnswer,
  WebhookSecretAnswer,
} from '@trancendos/contracts/webhook';
import { callApi, type Call, type ClientOptions } from './call-api.ts';
import { decideMany } from './decide-many.ts';
import { importHistory, type ImportedHistory, type ImportOptions } from './import-history.ts';

export interface RequestOptions {
  /** For a request that may be sent again by another process. By default the transaction's id for a decision, else a new one for the call. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

/** The merchant API. Every method may be called again after it has thrown: with the same `idempotencyKey` nothing happens twice. */
export class TrancendosClient {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** Decides a payment and moves its money. Waits for the decision; one that is still on its way after all attempts has `status: pending`. */
  decide(
    request: TransactionRequest,
    { idempotencyKey = request.transaction_id, signal }: RequestOptions = {},
  ): Promise<TransactionAnswer> {
    return callApi(this.#options, { method: 'POST', path: '/v1/transactions', body: request, idempotencyKey, signal });
  }

  /**
   * Decides many payments, 500 in a request, and gives an answer for each in their order: `line` counts from 1 over all of them, and `status`
   * says whether `answer` is a decision or a problem. A line that finds something away or is not decided yet is sent again by itself. However
   * often the same payments are sent, each is decided once. Throws `TrancendosError` where a whole request is refused.
   */
  decideMany(
    requests: Iterable<TransactionRequest> | AsyncIterable<TransactionRequest>,
    { signal }: Pick<RequestOptions, 'signal'> = {},
  ): AsyncGenerator<BulkLine> {
    return decideMany(this.#options, requests, signal);
  }

  /** What would be decided on a payment now; nothing comes of it. */
  tryOut(request: TransactionRequest, options?: RequestOptions): Promise<TransactionAnswer> {
    return this.decide({ ...request, mode: 'dry_run' }, options);
  }

  /** A payment with its money as it is now. */
  transaction(transactionId: string, { signal }: RequestOptions = {}): Promise<TransactionAnswer> {
    return callApi(this.#options, { method: 'GET', path: pathOf(transactionId), signal });
  }

  /** Takes what is held, all or part of it. */
  capture(transactionId: string, request: CaptureRequest = {}, options?: RequestOptions): Promise<OperationAnswer> {
    return this.#operate('capture', transactionId, request, options);
  }

  /** Releases what is held. */
  void(transactionId: string, request: VoidRequest = {}, options?: RequestOptions): Promise<OperationAnswer> {
    return this.#operate('void', transactionId, request, options);
  }

  /** Gives posted money back, all or part of it. */
  refund(transactionId: string, request: RefundRequest = {}, options?: RequestOptions): Promise<OperationAnswer> {
    return this.#operate('refund', transactionId, request, options);
  }

  /** What has happened to the money of a payment. */
  operations(transactionId: string, { signal }: RequestOptions = {}): Promise<OperationsAnswer> {
    return callApi(this.#options, { method: 'GET', path: `${pathOf(transactionId)}/operations`, signal });
  }

  /** Says what a transaction turned out to be. */
  label(request: LabelRequest, { signal }: RequestOptions = {}): Promise<LabelAnswer> {
    return callApi(this.#options, { method: 'POST', path: '/v1/labels', body: request, signal });
  }

  labels(transactionId: string, { signal }: RequestOptions = {}): Promise<LabelsAnswer> {
    return callApi(this.#options, { method: 'GET', path: `${pathOf(transactionId)}/labels`, signal });
  }

  /**
   * Imports past transactions, in the order of time and as many as there are: from a list, or from a stream that is read as they go out. The
   * answer counts what was taken and names the first 100 refused records, by their place counted from 1. One that is known already is not taken
   * twice, so after an error the same import may be begun again.
   */
  importHistory(records: Iterable<HistoryRecord> | AsyncIterable<HistoryRecord>, options: ImportOptions = {}): Promise<ImportedHistory> {
    return importHistory(this.#options, records, options);
  }

  /** The API keys of the merchant, oldest first, those out of use too. */
  keys({ signal }: RequestOptions = {}): Promise<ApiKeysAnswer> {
    return callApi(this.#options, { method: 'GET', path: '/v1/keys', signal });
  }

  /** Creates an API key; it is in the answer, with its signing secret, this once. Not repeated by itself: a second key would be created. */
  createKey(request: NewApiKey, { signal }: RequestOptions = {}): Promise<NewApiKeyAnswer> {
    return this.#once({ method: 'POST', path: '/v1/keys', body: request, signal });
  }

  /** Takes an API key out of use; one that is already stays as it was. */
  revokeKey(keyId: string, { signal }: RequestOptions = {}): Promise<ApiKeyAnswer> {
    return callApi(this.#options, { method: 'DELETE', path: `/v1/keys/${encodeURIComponent(keyId)}`, signal });
  }

  settings({ signal }: RequestOptions = {}): Promise<SettingsAnswer> {
    return callApi(this.#options, { method: 'GET', path: '/v1/settings', signal });
  }

  putSettings(settings: MerchantSettings, { signal }: RequestOptions = {}): Promise<SettingsAnswer> {
    return callApi(this.#options, { method: 'PUT', path: '/v1/settings', body: settings, signal });
  }

  webhooks({ signal }: RequestOptions = {}): Promise<WebhookEndpointsAnswer> {
    return callApi(this.#options, { method: 'GET', path: '/v1/webhooks', signal });
  }

  /** Adds an endpoint; its secret is in the answer, this once. Not repeated by itself: a second endpoint would be added. */
  addWebhook(request: NewWebhookEndpoint, { signal }: RequestOptions = {}): Promise<WebhookSecretAnswer> {
    return this.#once({ method: 'POST', path: '/v1/webhooks', body: request, signal });
  }

  /** Removes an endpoint with its log. `webhook_unknown` where it is gone already, be it by an attempt whose answer was lost. */
  removeWebhook(endpointId: string, { signal }: RequestOptions = {}): Promise<WebhookEndpointAnswer> {
    return callApi(this.#options, { method: 'DELETE', path: endpointPathOf(endpointId), signal });
  }

  /** Switches an endpoint on again that has answered 410. */
  enableWebhook(endpointId: string, { signal }: RequestOptions = {}): Promise<WebhookEndpointAnswer> {
    return callApi(this.#options, { method: 'POST', path: `${endpointPathOf(endpointId)}/enable`, signal });
  }

  /** Gives an endpoint a new secret, shown this once; the old one signs beside it for 24 h. Not repeated by itself: a second would end the first. */
  rotateWebhookSecret(endpointId: string, { signal }: RequestOptions = {}): Promise<WebhookSecretAnswer> {
    return this.#once({ method: 'POST', path: `${endpointPathOf(endpointId)}/rotate-secret`, signal });
  }

  /** The newest 100 deliveries to an endpoint, with what became of them. */
  deliveries(endpointId: string, { signal }: RequestOptions = {}): Promise<WebhookDeliveriesAnswer> {
    return callApi(this.#options, { method: 'GET', path: `${endpointPathOf(endpointId)}/deliveries`, signal });
  }

  /** Sends an event of the log again, under the same `webhook-id`. */
  replayDelivery(endpointId: string, eventId: string, { signal }: RequestOptions = {}): Promise<WebhookReplayAnswer> {
    const path = `${endpointPathOf(endpointId)}/deliveries/${encodeURIComponent(eventId)}/replay`;
    return callApi(this.#options, { method: 'POST', path, signal });
  }

  /** Sends a sample of an event to an endpoint, marked by `sample: true`; nothing has happened. */
  sendSampleEvent(endpointId: string, type: WebhookEventType, { signal }: RequestOptions = {}): Promise<WebhookSampleAnswer> {
    return callApi(this.#options, { method: 'POST', path: `${endpointPathOf(endpointId)}/test`, body: { type }, signal });
  }

  #once<Answer>(call: Call): Promise<Answer> {
    return callApi({ ...this.#options, attemptsMax: 1 }, call);
  }

  #operate(kind: OperationKind, transactionId: string, body: object, options: RequestOptions = {}): Promise<OperationAnswer> {
    const { idempotencyKey = crypto.randomUUID(), signal } = options;
    return callApi(this.#options, { method: 'POST', path: `${pathOf(transactionId)}/${kind}`, body, idempotencyKey, signal });
  }
}

function pathOf(transactionId: string): string {
  return `/v1/transactions/${encodeURIComponent(transactionId)}`;
}

function endpointPathOf(endpointId: string): string {
  return `/v1/webhooks/${encodeURIComponent(endpointId)}`;
}
