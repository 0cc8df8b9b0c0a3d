import type { LabelAnswer, LabelsAnswer, TransactionAnswer } from '@trancendos/contracts/http';
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
import type { TransactionRequest } from '@trancendos/contracts/transaction';
import type { NewWebhookEndpoint, WebhookEndpointsAnswer, WebhookSecretAnswer } from '@trancendos/contracts/webhook';
import { callApi, type ClientOptions } from './call-api.ts';

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
    return callApi({ ...this.#options, attemptsMax: 1 }, { method: 'POST', path: '/v1/webhooks', body: request, signal });
  }

  #operate(kind: OperationKind, transactionId: string, body: object, options: RequestOptions = {}): Promise<OperationAnswer> {
    const { idempotencyKey = crypto.randomUUID(), signal } = options;
    return callApi(this.#options, { method: 'POST', path: `${pathOf(transactionId)}/${kind}`, body, idempotencyKey, signal });
  }
}

function pathOf(transactionId: string): string {
  return `/v1/transactions/${encodeURIComponent(transactionId)}`;
}
