import { CircleCheck, CircleX, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import type { LedgerTransfer, TransferProof } from '@trancendos/contracts/ledger';
import { verifyProof, type ProofFault } from '@trancendos/contracts/verify-proof';
import { callApi, Link, useApi, useMessages } from '@trancendos/shell-api';
import { Button, Drawer, formatCount, formatDayClock, formatMoney, Panel } from '@trancendos/ui';
import { apiPath } from './api-path.ts';
import { LEDGER_MESSAGES } from './messages.ts';
import { AccountName } from './show-account.tsx';

/** One transfer whole, with the proof that it is in the history as it is shown. */
export function TransferDrawer({ transferId, onClose }: { readonly transferId: string; readonly onClose: () => void }) {
  const text = useMessages(LEDGER_MESSAGES);
  const { state, retry } = useApi<LedgerTransfer>(apiPath(`transfers/${transferId}`));
  return (
    <Drawer isOpen onClose={onClose} title={text.transfer} size="wide">
      <Panel state={state} onRetry={retry}>
        {(transfer) => (
          <div className="ledger-transfer">
            <TransferFacts transfer={transfer} />
            <ProofCheck transferId={transferId} />
          </div>
        )}
      </Panel>
    </Drawer>
  );
}

function TransferFacts({ transfer }: { readonly transfer: LedgerTransfer }) {
  const text = useMessages(LEDGER_MESSAGES);
  const { cause, origin, currency } = transfer;
  const account = (id: string) => (
    <Link href={`/ledger/accounts/${encodeURIComponent(id)}`} className="underline">
      <AccountName id={id} />
    </Link>
  );
  const facts: readonly (readonly [string, React.ReactNode])[] = [
    [text.debit, account(transfer.debit.account_id)],
    [text.credit, account(transfer.credit.account_id)],
    [text.time, formatDayClock(transfer.committed_at)],
    [text.ledgerSeq, formatCount(transfer.ledger_seq)],
    [text.decidedBy, cause.actor],
    [text.model, cause.model],
    [text.score, transfer.score],
    [text.decision, transfer.decision_id && <span className="mono">{transfer.decision_id}</span>],
    [text.related, transfer.related_to && <span className="mono">{transfer.related_to}</span>],
    [text.origin, <span className="mono">{`${origin.topic}/${origin.partition}@${origin.offset}`}</span>],
  ];
  return (
    <>
      <div>
        <div className="mono text-muted">{transfer.transfer_id}</div>
        <div className="ledger-amount num">{formatMoney(transfer.amount_minor, currency)}</div>
        <div className="second">{text[transfer.kind]}</div>
      </div>
      <dl className="facts num">
        {facts
          .filter(([, value]) => value !== null)
          .map(([name, value]) => (
            <div key={name} className="contents">
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </>
  );
}

type Verdict =
  | { readonly kind: 'unasked' | 'asking' | 'missing' | 'away' }
  | { readonly kind: 'proven'; readonly proof: TransferProof }
  | { readonly kind: 'refuted'; readonly fault: ProofFault };

function ProofCheck({ transferId }: { readonly transferId: string }) {
  const text = useMessages(LEDGER_MESSAGES);
  const [verdict, setVerdict] = useState<Verdict>({ kind: 'unasked' });
  const verify = async () => {
    setVerdict({ kind: 'asking' });
    setVerdict(await checkProof(transferId));
  };
  return (
    <section className="ledger-proof" aria-label={text.proof} data-proof={verdict.kind}>
      <h2 className="ledger-section">{text.proof}</h2>
      <div role="status">
        <ProofVerdict verdict={verdict} />
      </div>
      <Button onClick={() => void verify()} disabled={verdict.kind === 'asking'}>
        <ShieldCheck className="icon" aria-hidden /> {verdict.kind === 'asking' ? text.verifying : text.verify}
      </Button>
    </section>
  );
}

/** Asks for the proof and recomputes every hash of it here. */
async function checkProof(transferId: string): Promise<Verdict> {
  const answer = await callApi<TransferProof>(apiPath(`transfers/${transferId}/proof`));
  if (answer.kind === 'missing') return { kind: 'missing' };
  if (answer.kind !== 'ok') return { kind: 'away' };
  const fault = await verifyProof(answer.data);
  return fault === undefined ? { kind: 'proven', proof: answer.data } : { kind: 'refuted', fault };
}

function ProofVerdict({ verdict }: { readonly verdict: Verdict }) {
  const text = useMessages(LEDGER_MESSAGES);
  switch (verdict.kind) {
    case 'unasked':
    case 'asking':
      return null;
    case 'missing':
      return <span className="second">{text.noProof}</span>;
    case 'away':
      return <span className="second">{text.proofAway}</span>;
    case 'refuted':
      return (
        <span className="signal" data-tone="bad">
          <CircleX className="icon" aria-hidden /> {text.notProven} <code className="mono">{verdict.fault}</code>
        </span>
      );
    case 'proven': {
      const { batch, path } = verdict.proof;
      return (
        <>
          <span className="signal" data-tone="ok">
            <CircleCheck className="icon" aria-hidden /> {text.proven}
          </span>
          <div className="second num">{text.provenText(formatCount(batch.batch_seq), formatCount(path.length + 2))}</div>
          <div className="mono ledger-hash">{batch.hash}</div>
        </>
      );
    }
  }
}
