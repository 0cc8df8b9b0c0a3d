import { z } from 'zod';
import { RequestId } from './ids.ts';

/** Header in which the gateway tells a service for whom it asks. Only the gateway may set it; what a browser sends under it is dropped. */
export const CALLER_HEADER = 'x-trx-caller';

/** The parts of the platform that the gateway forwards to. */
export const FORWARD_AUDIENCES = ['ledger', 'scoring', 'review'] as const;
export type ForwardAudience = (typeof FORWARD_AUDIENCES)[number];

/** For whom the gateway asks, for one request to one service. Names of roles and capabilities are open: gateway and service may differ in age. */
export const Caller = z.strictObject({
  user_id: z.string().max(64),
  name: z.string().max(64),
  roles: z.array(z.string().max(32)).max(16),
  capabilities: z.array(z.string().max(64)).max(64),
  /** The service that it is meant for. */
  audience: z.enum(FORWARD_AUDIENCES),
  request_id: RequestId,
  /** Milliseconds since the epoch, by the gateway's clock. */
  issued_at_ms: z.int().min(0),
  expires_at_ms: z.int().min(0),
});
export type Caller = z.infer<typeof Caller>;
