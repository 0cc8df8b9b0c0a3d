import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  GENESIS,
  chainBatch,
  hashTransfer,
  hashTransfers,
  inclusionProof,
  merkleRoot,
  pathThroughBlocks,
  sealTree,
  verifyInclusion,
  type BatchHeader,
} from './hash-batch.ts';
import type { Transfer } from './transfer.ts';

const sha256 = (...parts: readonly (string | Buffer)[]) => {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part);
  return digest.digest();
};

/** The tree as RFC 9162, 2.1.1 defines it: by recursion over the largest power of two below the number of leaves. */
function definedRoot(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return leaves[0]!;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return sha256(Buffer.of(1), definedRoot(leaves.slice(0, split)), definedRoot(leaves.slice(split)));
}

const joined = (leaves: readonly Buffer[]) => Buffer.concat(leaves);
const leavesOf = (count: number) => Array.from({ length: count }, (_, index) => sha256(Buffer.of(0), String(index)));

const header: BatchHeader = {
  batchSeq: 3,
  epoch: 2,
  firstLedgerSeq: 81,
  entries: 60,
  firstTransferSeq: 101,
  transfers: 50,
  committedAtMs: 1_777_636_800_007,
  inputs: [{ topic: 'decisions.v1', partition: 0, nextOffset: 141n }],
};

describe('the tree over a batch', () => {
  test('is the one that RFC 9162 defines, whatever the number of leaves', () => {
    for (let count = 0; count <= 70; count++) expect(merkleRoot(joined(leavesOf(count)))).toEqual(definedRoot(leavesOf(count)));
  });

  test('has the roots that Certificate Transparency publishes as test vectors', () => {
    const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map((data) =>
      sha256(Buffer.of(0), Buffer.from(data, 'hex')),
    );
    expect(merkleRoot(joined(leaves.slice(0, 3))).toString('hex')).toBe('aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77');
    expect(merkleRoot(joined(leaves)).toString('hex')).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
  });

  test('proves every one of its leaves, in its place and in no other', () => {
    for (let count = 1; count <= 40; count++) {
      const leaves = leavesOf(count);
      const root = merkleRoot(joined(leaves));
      for (const [index, leaf] of leaves.entries()) {
        const proof = inclusionProof(joined(leaves), index);
        expect(verifyInclusion(leaf, proof, root)).toBe(true);
        const elsewhere = { ...proof, index: (index + 1) % count };
        if (count > 1) expect(verifyInclusion(leaf, elsewhere, root)).toBe(false);
      }
    }
  });

  test('gives the same paths from one block of leaves and the nodes that are kept, whatever the number of leaves', () => {
    for (const count of [1, 2, 63, 64, 65, 128, 129, 200]) {
      const leaves = leavesOf(count);
      const { root, blocks } = sealTree(joined(leaves));
      expect(root).toEqual(merkleRoot(joined(leaves)));
      for (let index = 0; index < count; index += 9) {
        const first = index - (index % 64);
        const path = pathThroughBlocks(index, joined(leaves.slice(first, first + 64)), blocks);
        expect(path).toEqual(inclusionProof(joined(leaves), index).path);
      }
    }
  });

  test('proves nothing else: not another leaf, nor with a path that is altered, cut or prolonged, nor a node as a leaf', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 300 }), fc.nat(), fc.nat(), (count, at, bit) => {
        const leaves = leavesOf(count);
        const root = merkleRoot(joined(leaves));
        const index = at % count;
        const leaf = leaves[index]!;
        const proof = inclusionProof(joined(leaves), index);
        const altered = proof.path.map((hash) => Buffer.from(hash));
        altered[bit % altered.length]![bit % 32]! ^= 1 << (bit % 8);
        expect(verifyInclusion(sha256('other'), proof, root)).toBe(false);
        expect(verifyInclusion(leaf, { ...proof, path: altered }, root)).toBe(false);
        expect(verifyInclusion(leaf, { ...proof, path: proof.path.slice(0, -1) }, root)).toBe(false);
        expect(verifyInclusion(leaf, { ...proof, path: [...proof.path, leaf] }, root)).toBe(false);
        expect(verifyInclusion(leaf, { ...proof, index: -1 }, root)).toBe(false);
        expect(verifyInclusion(root, { index: 0, treeSize: 0, path: [] }, root)).toBe(false);
      }),
    );
  });

  test('has no proof for a leaf that it lacks', () => {
    expect(() => inclusionProof(joined(leavesOf(3)), 3)).toThrow(RangeError);
    expect(() => inclusionProof(Buffer.alloc(0), 0)).toThrow(RangeError);
  });
});

describe('the leaf of a transfer', () => {
  test('is SHA-256 over a zero byte and the fields as a JSON array', () => {
    const text =
      '["transfer/1","tr_0196bc4f-c400-8a35-9c2f-3d0d5e8f7a10","capture",7,5,"EUR","1249",' +
      '"customer:ACC-1:EUR",4,"0","100000","1249","0","merchant:books-01:EUR",9,"0","0","0","1249",' +
      '"tr_0196bc4f-c400-8a35-9c2f-3d0d5e8f7a09","1.0842",1777636800000,1777636800007,"decisions.v1",0,"141",' +
      '"dec_0198a000-0000-7000-8000-000000000000",12,"luminous","luminous-1","rules-1","ann","ben","by \\"phone\\""]';
    expect(hashTransfer(sample())).toEqual(sha256(Buffer.of(0), text));
  });

  test('is that of what JSON writes, whatever the numbers and texts are', () => {
    const bigCount = fc.oneof(fc.bigInt(0n, 2n ** 63n), fc.bigInt(0n, 1_000n), fc.constantFrom(2n ** 31n, 2n ** 53n - 1n, 2n ** 53n));
    const position = fc.oneof(fc.maxSafeNat(), fc.nat(1_000), fc.constantFrom(999_999_999, 1_000_000_000, 2 ** 31 - 1, 2 ** 31));
    const fields = fc.record({
      seq: position,
      amountMinor: bigCount,
      effectiveAtMs: fc.integer({ min: -8.64e15, max: 8.64e15 }),
      relatedTo: fc.option(fc.constant('tr_0196bc4f-c400-8a35-9c2f-3d0d5e8f7a09')),
      score: fc.option(fc.nat(1_000)),
      origin: fc.record({ topic: fc.constant('ledger-commands.v1'), partition: fc.nat(11), offset: bigCount }),
      debtor: fc
        .record({ version: position, debitsPosted: bigCount, creditsPosted: bigCount, debitsPending: bigCount, creditsPending: bigCount })
        .map((counters) => ({ ...sample().debtor, ...counters, id: `customer:${counters.version}:EUR` })),
      cause: fc.option(fc.string({ unit: 'binary', maxLength: 2_000 })).map((reason) => ({ ...sample().cause, reason })),
    });
    fc.assert(
      fc.property(fields, (change) => {
        const transfer = sample(change);
        expect(hashTransfer(transfer)).toEqual(sha256(Buffer.of(0), JSON.stringify(leafOf(transfer))));
      }),
    );
  });

  test('is the same one by one and by the batch', () => {
    const transfers = [sample(), sample({ seq: 8 }), sample({ amountMinor: 2n ** 61n })];
    expect(hashTransfers(transfers)).toEqual(joined(transfers.map(hashTransfer)));
    expect(hashTransfers([])).toHaveLength(0);
  });

  test('is another one when anything about the transfer is', () => {
    const { debtor, creditor, origin, cause } = sample();
    const each = <T extends object>(name: keyof Transfer, part: T, values: Partial<Record<keyof T, unknown>>) =>
      Object.entries(values).map(([field, value]) => ({ [name]: { ...part, [field]: value } }));
    const side = { id: 'fee:x:EUR', version: 99, debitsPosted: 5n, creditsPosted: 6n, debitsPending: 7n, creditsPending: 8n };
    const people = { requestedBy: 'cy', approvedBy: null, reason: 'by phone' };
    const changes: readonly Partial<Transfer>[] = [
      { id: 'tr_0196bc4f-c400-8a35-9c2f-3d0d5e8f7a11' },
      { kind: 'post' },
      { seq: 8 },
      { ledgerSeq: 6 },
      { amountMinor: 1_250n },
      { relatedTo: null },
      { fxRate: '1.0843' },
      { effectiveAtMs: 1_777_636_800_001 },
      { committedAtMs: 1_777_636_800_008 },
      { decisionId: null },
      { score: 13 },
      ...each('debtor', debtor, { ...side, currency: 'USD' }),
      ...each('creditor', creditor, side),
      ...each('origin', origin, { topic: 'ledger-commands.v1', partition: 1, offset: 142n }),
      ...each('cause', cause, { actor: 'policy', model: 'luminous-2', ruleset: null, ...people }),
    ];
    const leaves = [sample(), ...changes.map(sample)].map((transfer) => hashTransfer(transfer).toString('hex'));
    expect(new Set(leaves).size).toBe(changes.length + 1);
  });
});

describe('the hash of a batch', () => {
  test('is SHA-256 over a byte of 2 and header, root and predecessor as a JSON array', () => {
    const root = sha256('root');
    const text =
      '["batch/1",3,2,81,60,101,50,1777636800007,[["decisions.v1",0,"141"]],' + `"${root.toString('hex')}","${'00'.repeat(32)}"]`;
    expect(chainBatch(GENESIS, header, root)).toEqual(sha256(Buffer.of(2), text));
  });

  test('is another one when anything that it covers is', () => {
    const root = sha256('root');
    const changes: readonly Partial<BatchHeader>[] = [
      { batchSeq: 4 },
      { epoch: 3 },
      { firstTransferSeq: 102 },
      { transfers: 51 },
      { firstLedgerSeq: 82 },
      { entries: 61 },
      { committedAtMs: 1_777_636_800_008 },
      { inputs: [] },
      { inputs: [{ topic: 'decisions.v1', partition: 0, nextOffset: 142n }] },
    ];
    const hashes = [
      chainBatch(GENESIS, header, root),
      chainBatch(sha256('before'), header, root),
      chainBatch(GENESIS, header, sha256('other root')),
      ...changes.map((change) => chainBatch(GENESIS, { ...header, ...change }, root)),
    ];
    expect(new Set(hashes.map((hash) => hash.toString('hex'))).size).toBe(changes.length + 3);
  });
});

/** The fields of a leaf as docs/ledger-proofs.md lists them. */
function leafOf({ debtor, creditor, origin, cause, ...transfer }: Transfer): readonly unknown[] {
  const sides = [debtor, creditor].flatMap((side) => [
    side.id,
    side.version,
    ...[side.debitsPosted, side.creditsPosted, side.debitsPending, side.creditsPending].map(String),
  ]);
  const { actor, model, ruleset, requestedBy, approvedBy, reason } = cause;
  return [
    ...[
      'transfer/1',
      transfer.id,
      transfer.kind,
      transfer.seq,
      transfer.ledgerSeq,
      debtor.currency,
      String(transfer.amountMinor),
      ...sides,
    ],
    ...[transfer.relatedTo, transfer.fxRate, transfer.effectiveAtMs, transfer.committedAtMs],
    ...[origin.topic, origin.partition, String(origin.offset), transfer.decisionId, transfer.score],
    ...[actor, model, ruleset, requestedBy, approvedBy, reason],
  ];
}

function sample(change: Partial<Transfer> = {}): Transfer {
  const debtor = {
    id: 'customer:ACC-1:EUR',
    number: 1,
    kind: 'customer',
    currency: 'EUR',
    debitsPosted: 0n,
    creditsPosted: 100_000n,
    debitsPending: 1_249n,
    creditsPending: 0n,
    overdraftMinor: 0n,
    status: 'open',
    onExpiry: 'void',
    velocity: [],
    metadata: {},
    version: 4,
    ledgerSeq: 5,
  } as const;
  const other = { id: 'merchant:books-01:EUR', number: 2, kind: 'merchant', creditsPosted: 0n, debitsPending: 0n, version: 9 } as const;
  return {
    id: 'tr_0196bc4f-c400-8a35-9c2f-3d0d5e8f7a10',
    kind: 'capture',
    seq: 7,
    ledgerSeq: 5,
    amountMinor: 1_249n,
    debtor,
    creditor: { ...debtor, ...other, creditsPending: 1_249n },
    relatedTo: 'tr_0196bc4f-c400-8a35-9c2f-3d0d5e8f7a09',
    effectiveAtMs: 1_777_636_800_000,
    committedAtMs: 1_777_636_800_007,
    fxRate: '1.0842',
    origin: { topic: 'decisions.v1', partition: 0, offset: 141n },
    cause: {
      number: 1,
      actor: 'luminous',
      model: 'luminous-1',
      ruleset: 'rules-1',
      requestedBy: 'ann',
      approvedBy: 'ben',
      reason: 'by "phone"',
    },
    decisionId: 'dec_0198a000-0000-7000-8000-000000000000',
    score: 12,
    expiresAtMs: null,
    ...change,
  };
}
