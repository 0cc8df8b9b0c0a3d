import { z } from 'zod';
import { Action } from './decision.ts';
import { RequestId } from './ids.ts';
import { AmountMinor, Currency } from './money.ts';

/** What happens to a payment that could not be decided in time: the first band that it falls into says. */
export const TimeoutBand = z.strictObject({
  /** Every currency where it is left out. */
  currency: Currency.optional(),
  /** Amounts up to and including this; every amount where it is left out. */
  up_to_minor: AmountMinor.optional(),
  action: Action,
});
export type TimeoutBand = z.infer<typeof TimeoutBand>;

/** What a merchant settles with us; body of `PUT /v1/settings`. */
export const MerchantSettings = z.strictObject({
  /** Refuse requests without a signature by RFC 9421. */
  require_signature: z.boolean(),
  /** Payments that fall into no band are held for review. */
  on_timeout: z.array(TimeoutBand).max(50),
});
export type MerchantSettings = z.infer<typeof MerchantSettings>;

/** Answer of `GET` and `PUT /v1/settings`. */
export const SettingsAnswer = z.strictObject({ ...MerchantSettings.shape, request_id: RequestId });
export type SettingsAnswer = z.infer<typeof SettingsAnswer>;
