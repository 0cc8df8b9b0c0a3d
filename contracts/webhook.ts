import { z } from 'zod';
import { TransactionAnswer } from './http.ts';
import { MerchantId, RequestId } from './ids.ts';
import { Instant } from './instant.ts';
import { Operation } from './operation.ts';

/** What can be told: how a transaction was decided, and what became of its money later. */
export const WebhookEventType = z.enum([
  'transaction.approved',
  'transaction.held',
  'transaction.declined',
  'transaction.captured',
  'transaction.voided',
  'transaction.refunded',
  'transaction.expired',
  'transaction.superseded',
]);
export type WebhookEventType = z.infer<typeof WebhookEventType>;

export const WebhookEndpointId = z.string().regex(/^we_[0-9a-f-]{36}$/);
export const WebhookEventId = z.string().regex(/^evt_[0-9a-f-]{36}$/);

/** The body of a delivery; its `webhook-id` header is the id of the event, the same at every attempt. */
export const WebhookEvent = z.strictObject({
  type: WebhookEventType,
  timestamp: Instant,
  /** There where you have asked for a sample: nothing has happened, and no transaction has the id in `data`. */
  sample: z.literal(true).optional(),
  /** What `GET /v1/transactions/{id}` said when it happened. */
  data: TransactionAnswer,
  /** What was done to the money, where that is what the event tells. */
  operation: Operation.optional(),
});
export type WebhookEvent = z.infer<typeof WebhookEvent>;

/** Body of `POST /v1/webhooks`. */
export const NewWebhookEndpoint = z.strictObject({
  /** HTTPS, to a public address. */
  url: z.string().max(500),
  /** Every type where it is left out. */
  event_types: z.array(WebhookEventType).min(1).max(WebhookEventType.options.length).optional(),
});
export type NewWebhookEndpoint = z.infer<typeof NewWebhookEndpoint>;

/** An endpoint as it is shown: never its secret. */
export const WebhookEndpoint = z.strictObject({
  endpoint_id: WebhookEndpointId,
  merchant_id: MerchantId,
  url: z.string(),
  event_types: z.array(WebhookEventType),
  /** Nothing is sent while it is disabled; an endpoint that answers 410 disables itself. */
  enabled: z.boolean(),
  created_at: Instant,
});
export type WebhookEndpoint = z.infer<typeof WebhookEndpoint>;

const requestId = { request_id: RequestId };
export const WebhookEndpointAnswer = z.strictObject({ ...WebhookEndpoint.shape, ...requestId });
export type WebhookEndpointAnswer = z.infer<typeof WebhookEndpointAnswer>;
/** With the secret that deliveries are signed with, shown this once. */
export const WebhookSecretAnswer = z.strictObject({ ...WebhookEndpoint.shape, secret: z.string(), ...requestId });
export type WebhookSecretAnswer = z.infer<typeof WebhookSecretAnswer>;
export const WebhookEndpointsAnswer = z.strictObject({ endpoints: z.array(WebhookEndpoint), ...requestId });
export type WebhookEndpointsAnswer = z.infer<typeof WebhookEndpointsAnswer>;

/** One event on its way to one endpoint. */
export const WebhookDelivery = z.strictObject({
  event_id: WebhookEventId,
  type: WebhookEventType,
  /** There where the event is a sample. */
  sample: z.literal(true).optional(),
  state: z.enum(['pending', 'delivered', 'failed']),
  attempts: z.int().min(0),
  /** What the last attempt was answered with; null where there was no answer, or no attempt. */
  last_status: z.int().nullable(),
  last_error: z.string().nullable(),
  next_attempt_at: Instant.nullable(),
  created_at: Instant,
});
export type WebhookDelivery = z.infer<typeof WebhookDelivery>;
/** Answer of `GET /v1/webhooks/{id}/deliveries`: the newest 100. */
export const WebhookDeliveriesAnswer = z.strictObject({ deliveries: z.array(WebhookDelivery), ...requestId });
export type WebhookDeliveriesAnswer = z.infer<typeof WebhookDeliveriesAnswer>;

/** Answer of `POST /v1/webhooks/{id}/deliveries/{event}/replay`. */
export const WebhookReplayAnswer = z.strictObject({ event_id: WebhookEventId, ...requestId });
export type WebhookReplayAnswer = z.infer<typeof WebhookReplayAnswer>;

/** Body of `POST /v1/webhooks/{id}/test`: which event to send a sample of, whatever `event_types` of the endpoint says. */
export const WebhookSampleRequest = z.strictObject({ type: WebhookEventType });
export type WebhookSampleRequest = z.infer<typeof WebhookSampleRequest>;

/** Answer of `POST /v1/webhooks/{id}/test`: the sample is on its way, under this id. */
export const WebhookSampleAnswer = z.strictObject({ event_id: WebhookEventId, type: WebhookEventType, ...requestId });
export type WebhookSampleAnswer = z.infer<typeof WebhookSampleAnswer>;
