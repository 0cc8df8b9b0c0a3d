import { Instant } from '@trancendos/contracts/instant';
import { z } from 'zod';

/** Where a page ended: the next one goes on below. */
export interface PageEnd {
  /** An instant. */
  readonly committedAt: string;
  readonly ledgerSeq: number;
}

/** The end of a page in the form that callers give back unchanged. */
export function packCursor({ committedAt, ledgerSeq }: PageEnd): string {
  return Buffer.from(`${committedAt} ${ledgerSeq}`).toString('base64url');
}

const Packed = z.tuple([Instant, z.string().regex(/^\d{1,15}$/)]);

/** A cursor of a query, read. */
export const CursorField = z
  .string()
  .max(200)
  .transform((cursor, context): PageEnd => {
    const packed = Packed.safeParse(Buffer.from(cursor, 'base64url').toString().split(' '));
    if (packed.success) return { committedAt: packed.data[0], ledgerSeq: Number(packed.data[1]) };
    context.addIssue({ code: 'custom', message: 'a cursor as a page gave it' });
    return z.NEVER;
  });
