import type { TransferProof } from './ledger.ts';
import { batchHashText, transferLeafText } from './transfer-leaf.ts';

/** What is wrong with a proof: the first thing that does not agree. */
export type ProofFault =
  /** The transfer is not the one that was hashed: something about it was changed. */
  | 'leaf_mismatch'
  /** Its position in the tree is not the one that its sequence number gives it in the batch. */
  | 'position_mismatch'
  /** The path does not lead to the batch's root. */
  | 'root_mismatch'
  /** The batch is not the one that was hashed. */
  | 'batch_mismatch'
  /** The batch is not the one whose hash the verifier knows. */
  | 'anchor_mismatch';

export interface ProofAnchor {
  /** The hash of the proof's batch as the verifier knows it from elsewhere: a copy that was kept, or a later batch's chain. */
  readonly hash: string;
}

/**
 * Verifies that a transfer is in the ledger's history exactly as it is shown: recomputes its leaf, walks to the root of its batch (RFC 9162,
 * 2.1.3.2) and recomputes the batch's hash, which covers the batch before it. Undefined when all of it agrees.
 *
 * Needs nothing but WebCrypto, so it runs in a browser and in Node alike. Without an `anchor` it shows that the answer agrees with itself;
 * that it is the history which others see, only a hash that was obtained in another way can show.
 */
export async function verifyProof(proof: TransferProof, anchor?: ProofAnchor): Promise<ProofFault | undefined> {
  const { transfer, batch } = proof;
  const leaf = await sha256(prefixed(0, encode(transferLeafText(transfer))));
  if (toHex(leaf) !== proof.leaf_hash) return 'leaf_mismatch';
  if (transfer.seq !== batch.first_transfer_seq + proof.leaf_index || proof.tree_size !== batch.transfers) return 'position_mismatch';
  const root = await rootFrom(leaf, proof);
  if (root !== batch.merkle_root) return 'root_mismatch';
  if (toHex(await sha256(prefixed(2, encode(batchHashText(batch))))) !== batch.hash) return 'batch_mismatch';
  return anchor && anchor.hash !== batch.hash ? 'anchor_mismatch' : undefined;
}

/** The root that the path leads to, or undefined where it cannot be one of that tree. */
async function rootFrom(leaf: Bytes, { leaf_index, tree_size, path }: TransferProof): Promise<string | undefined> {
  let place = leaf_index;
  let last = tree_size - 1;
  if (place > last) return undefined;
  let reached = leaf;
  for (const sibling of path.map(fromHex)) {
    if (last === 0) return undefined;
    if (place % 2 === 1 || place === last) {
      reached = await sha256(prefixed(1, sibling, reached));
      // A node without a sibling moved up as it is, until it had one on its left.
      while (place % 2 === 0 && place > 0) {
        place >>= 1;
        last >>= 1;
      }
    } else reached = await sha256(prefixed(1, reached, sibling));
    place >>= 1;
    last >>= 1;
  }
  return last === 0 ? toHex(reached) : undefined;
}

type Bytes = Uint8Array<ArrayBuffer>;

async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes));
}

/** A byte that says what is hashed, so that nothing can be passed off as something else. */
function prefixed(prefix: number, ...parts: readonly Bytes[]): Bytes {
  const bytes = new Uint8Array(1 + parts.reduce((length, part) => length + part.length, 0));
  bytes[0] = prefix;
  let offset = 1;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

function encode(text: string): Bytes {
  return new TextEncoder().encode(text);
}

function toHex(bytes: Bytes): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function fromHex(digits: string): Bytes {
  return Uint8Array.from({ length: digits.length / 2 }, (_, index) => parseInt(digits.slice(2 * index, 2 * index + 2), 16));
}
