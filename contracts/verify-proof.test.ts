import { describe, expect, test } from '@jest/globals';
import type { LedgerTransfer, TransferProof } from './ledger.ts';
import { batchHashText, transferLeafText } from './transfer-leaf.ts';
import { verifyProof } from './verify-proof.ts';

const transfer: LedgerTransfer = {
  transfer_id: 'tr_0196bc4f-c400-8a35-9c2f-3d0d5e8f7a10',
  kind: 'capture',
  seq: 7,
  ledger_seq: 5,
  currency: 'EUR',
  amount_minor: '1249',
  debit: {
    account_id: 'customer:ACC-1:EUR',
    version: 4,
    debits_posted: '0',
    credits_posted: '100000',
    debits_pending: '1249',
    credits_pending: '0',
  },
  credit: {
    account_id: 'merchant:books-01:EUR',
    version: 9,
    debits_posted: '0',
    credits_posted: '0',
    debits_pending: '0',
    credits_pending: '1249',
  },
  related_to: null,
  fx_rate: null,
  effective_at: '2026-05-01T12:00:00.000Z',
  committed_at: '2026-05-01T12:00:00.007Z',
  origin: { topic: 'decisions.v1', partition: 0, offset: '141' },
  decision_id: null,
  score: null,
  cause: { actor: 'ledger', model: null, ruleset: null, requested_by: null, approved_by: null, reason: 'by "phone", in Zürich' },
};

async function sha256(...parts: readonly (number | string)[]): Promise<string> {
  const bytes = parts.flatMap((part) => (typeof part === 'number' ? [part] : [...new TextEncoder().encode(part)]));
  return Buffer.from(await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes))).toString('hex');
}

/** The proof of a batch that holds that transfer alone. */
async function proofOf(shown: LedgerTransfer): Promise<TransferProof> {
  const leaf_hash = await sha256(0, transferLeafText(shown));
  const unhashed = {
    batch_seq: 3,
    epoch: 2,
    first_ledger_seq: 5,
    entries: 1,
    first_transfer_seq: 7,
    transfers: 1,
    committed_at: shown.committed_at,
    inputs: [['decisions.v1', 0, '142']] as [string, number, string][],
    merkle_root: leaf_hash,
    previous_hash: '0'.repeat(64),
    hash: '',
  };
  const batch = { ...unhashed, hash: await sha256(2, batchHashText(unhashed)) };
  return { transfer: shown, leaf_hash, leaf_index: 0, tree_size: 1, path: [], batch };
}

describe('a proof', () => {
  test('of a transfer that is shown as it was hashed verifies', async () => {
    const proof = await proofOf(transfer);
    expect(await verifyProof(proof)).toBeUndefined();
    expect(await verifyProof(proof, { hash: proof.batch.hash })).toBeUndefined();
  });

  test('is hashed over the text that the documentation gives', () => {
    expect(transferLeafText(transfer)).toBe(
      '["transfer/1","tr_0196bc4f-c400-8a35-9c2f-3d0d5e8f7a10","capture",7,5,"EUR","1249",' +
        '"customer:ACC-1:EUR",4,"0","100000","1249","0","merchant:books-01:EUR",9,"0","0","0","1249",' +
        'null,null,1777636800000,1777636800007,"decisions.v1",0,"141",null,null,"ledger",null,null,null,null,"by \\"phone\\", in Zürich"]',
    );
  });

  test('of anything else names what does not agree', async () => {
    const proof = await proofOf(transfer);
    const { batch } = proof;
    expect(await verifyProof({ ...proof, transfer: { ...transfer, fx_rate: '1' } })).toBe('leaf_mismatch');
    expect(await verifyProof({ ...proof, leaf_index: 1, tree_size: 2 })).toBe('position_mismatch');
    expect(await verifyProof({ ...proof, batch: { ...batch, merkle_root: '1'.repeat(64) } })).toBe('root_mismatch');
    expect(await verifyProof({ ...proof, path: ['1'.repeat(64)] })).toBe('root_mismatch');
    expect(await verifyProof({ ...proof, batch: { ...batch, previous_hash: '1'.repeat(64) } })).toBe('batch_mismatch');
    expect(await verifyProof(proof, { hash: '1'.repeat(64) })).toBe('anchor_mismatch');
  });
});
