import { hash } from 'node:crypto';
import { leafText } from './leaf-text.ts';
import type { Transfer } from './transfer.ts';

/**
 * What makes the ledger's history provable: every transfer is a leaf of its batch's Merkle tree, and every batch's hash covers the batch
 * before it. docs/ledger-proofs.md gives the format byte by byte; `contracts/verify-proof.ts` is the half that a browser runs.
 *
 * The tree is that of RFC 9162 (2.1.1): a leaf is SHA-256(0x00 || text), a node SHA-256(0x01 || left || right), and a node without a
 * sibling moves up as it is. The first byte keeps a node from being passed off as a leaf.
 */
const HASH_BYTES = 32;
const NODE_BYTES = 1 + 2 * HASH_BYTES;
export const LEAF_PREFIX = '\u0000';
const NODE_PREFIX = 1;
export const BATCH_PREFIX = '\u0002';

/** What the first batch stands on. */
export const GENESIS = Buffer.alloc(HASH_BYTES);

/** What a batch's hash covers besides its transfers and the batch before it. */
export interface BatchHeader {
  /** Gapless position among the batches, from 1. */
  readonly batchSeq: number;
  readonly epoch: number;
  /** Positions of its entries and of their transfers: the first, and how many there are. */
  readonly firstLedgerSeq: number;
  readonly entries: number;
  readonly firstTransferSeq: number;
  readonly transfers: number;
  /** Milliseconds since the epoch. */
  readonly committedAtMs: number;
  /** Up to where it took each of its inputs, sorted by topic and partition. */
  readonly inputs: readonly { readonly topic: string; readonly partition: number; readonly nextOffset: bigint }[];
}

/** Where a leaf stands in its tree, and the hashes that lead from it to the root, lowest first. */
export interface InclusionProof {
  /** From 0. */
  readonly index: number;
  readonly treeSize: number;
  readonly path: readonly Buffer[];
}

/** The leaf of one transfer. */
export function hashTransfer(transfer: Transfer): Buffer {
  return Buffer.from(hash('sha256', LEAF_PREFIX + leafText(transfer), 'binary'), 'binary');
}

/** The leaves of a batch's transfers in order, one behind the other. As `hashTransfer`, a good deal faster than one by one. */
export function hashTransfers(transfers: readonly Transfer[]): Buffer {
  // Digests as binary strings into one allocation: a Buffer for each digest costs more than its hash does.
  const leaves = Buffer.allocUnsafe(transfers.length * HASH_BYTES);
  for (const [index, transfer] of transfers.entries()) {
    leaves.write(hash('sha256', LEAF_PREFIX + leafText(transfer), 'binary'), index * HASH_BYTES, 'binary');
  }
  return leaves;
}

/** The root over `leaves` (one behind the other). Of a batch without transfers it is the hash of nothing, as RFC 9162 has it. */
export function merkleRoot(leaves: Buffer): Buffer {
  return treeLevels(leaves).at(-1) ?? Buffer.from(hash('sha256', '', 'hex'), 'hex');
}

/** How many leaves are under each of a batch's `blocks`. */
export const BLOCK_LEAVES = 64;
const BLOCK_LEVEL = Math.log2(BLOCK_LEAVES);

/** The root, and the nodes of the level that has `BLOCK_LEAVES` leaves under each: with them, a proof needs no more than one block of leaves. */
export function sealTree(leaves: Buffer): { readonly root: Buffer; readonly blocks: Buffer } {
  const levels = treeLevels(leaves);
  return { root: levels.at(-1) ?? merkleRoot(leaves), blocks: levels[BLOCK_LEVEL] ?? levels.at(-1) ?? Buffer.alloc(0) };
}

/** What proves that leaf `index` is one of `leaves`. Throws `RangeError` where there is no such leaf. */
export function inclusionProof(leaves: Buffer, index: number): InclusionProof {
  const treeSize = leaves.length / HASH_BYTES;
  if (!Number.isInteger(index) || index < 0 || index >= treeSize) throw new RangeError(`no leaf ${index} among ${treeSize}`);
  const path: Buffer[] = [];
  let place = index;
  for (const level of treeLevels(leaves)) {
    const sibling = (place ^ 1) * HASH_BYTES;
    if (sibling < level.length) path.push(level.subarray(sibling, sibling + HASH_BYTES));
    place >>= 1;
  }
  return { index, treeSize, path };
}

/** The path of leaf `index` of a batch, from the leaves of its block and the blocks of the batch: that of `inclusionProof`. */
export function pathThroughBlocks(index: number, leavesOfBlock: Buffer, blocks: Buffer): readonly Buffer[] {
  const within = inclusionProof(leavesOfBlock, index % BLOCK_LEAVES);
  const above = inclusionProof(blocks, Math.floor(index / BLOCK_LEAVES));
  return [...within.path, ...above.path];
}

/** True when `leaf` is leaf `proof.index` of a tree of `proof.treeSize` leaves under `root` (RFC 9162, 2.1.3.2). */
export function verifyInclusion(leaf: Buffer, proof: InclusionProof, root: Buffer): boolean {
  let place = proof.index;
  let last = proof.treeSize - 1;
  if (place < 0 || place > last) return false;
  let reached = leaf;
  for (const sibling of proof.path) {
    if (last === 0) return false;
    const alone = place === last && place % 2 === 0;
    if (place % 2 === 1 || alone) {
      reached = hashNode(sibling, reached);
      // A node without a sibling moved up as it is, until it had one on its left.
      while (place % 2 === 0 && place > 0) {
        place >>= 1;
        last >>= 1;
      }
    } else reached = hashNode(reached, sibling);
    place >>= 1;
    last >>= 1;
  }
  return last === 0 && reached.equals(root);
}

/** The hash of a batch: over the hash of the batch before it (`GENESIS` for the first), the root of its transfers, and its header. */
export function chainBatch(previous: Buffer, header: BatchHeader, root: Buffer): Buffer {
  return Buffer.from(hash('sha256', BATCH_PREFIX + batchText(previous, header, root), 'hex'), 'hex');
}

/** A batch as it is hashed: a JSON array without white space. */
export function batchText(previous: Buffer, header: BatchHeader, root: Buffer): string {
  return JSON.stringify([
    'batch/1',
    header.batchSeq,
    header.epoch,
    header.firstLedgerSeq,
    header.entries,
    header.firstTransferSeq,
    header.transfers,
    header.committedAtMs,
    header.inputs.map(({ topic, partition, nextOffset }) => [topic, partition, String(nextOffset)]),
    root.toString('hex'),
    previous.toString('hex'),
  ]);
}

/** Every level of the tree, its nodes one behind the other: the leaves first and the root alone in the last; none for no leaves. */
function treeLevels(leaves: Buffer): Buffer[] {
  if (leaves.length === 0) return [];
  const levels = [leaves];
  for (let level = leaves; level.length > HASH_BYTES;) {
    level = joinPairs(level);
    levels.push(level);
  }
  return levels;
}

function joinPairs(level: Buffer): Buffer {
  const pairs = Math.floor(level.length / (2 * HASH_BYTES));
  const rest = level.length - pairs * 2 * HASH_BYTES;
  const parents = Buffer.allocUnsafe(pairs * HASH_BYTES + rest);
  const node = Buffer.allocUnsafe(NODE_BYTES);
  node[0] = NODE_PREFIX;
  for (let pair = 0; pair < pairs; pair++) {
    level.copy(node, 1, pair * 2 * HASH_BYTES, (pair + 1) * 2 * HASH_BYTES);
    parents.write(hash('sha256', node, 'binary'), pair * HASH_BYTES, 'binary');
  }
  level.copy(parents, pairs * HASH_BYTES, level.length - rest);
  return parents;
}

function hashNode(left: Buffer, right: Buffer): Buffer {
  return Buffer.from(hash('sha256', Buffer.concat([Buffer.of(NODE_PREFIX), left, right]), 'hex'), 'hex');
}
