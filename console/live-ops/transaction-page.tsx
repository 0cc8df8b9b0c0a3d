import { FileQuestion, Layers2 } from 'lucide-react';
import { useState } from 'react';
import type { ArchivedDecision, DecisionPage } from '@trancendos/contracts/archive';
import { useApi, useMessages, useParams, useSearch } from '@trancendos/shell-api';
import { Button, EmptyState, Panel } from '@trancendos/ui';
import { ARCHIVE_MESSAGES } from './archive-messages.ts';
import { archivePath } from './archive-path.ts';
import { DecisionTable } from './decision-table.tsx';
import { FeatureTable } from './feature-table.tsx';
import { LabelList } from './label-list.tsx';
import { MoneyTrail } from './money-trail.tsx';
import { NearbyPayments } from './nearby-payments.tsx';
import { ScoreReasons } from './score-reasons.tsx';
import { StageBar } from './stage-bar.tsx';
import { LateDecisions, TransactionFacts, TransactionVersions } from './transaction-facts.tsx';
import { TransactionHeader } from './transaction-header.tsx';
import { TRANSACTION_MESSAGES } from './transaction-messages.ts';
import { decisionPathOf, isReference } from './transaction-address.ts';
import './archive.css';

/** Labels come late; what else the archive holds of a payment stays as it is. */
const EVERY_MS = 5_000;
/** A payment that was decided this moment is not archived yet: it is looked for until it is found. */
const LOOK_AGAIN_MS = 2_000;
const ALIKE_MAX = '50';

/** `/tx/:id`: one payment whole. The id is the merchant's own (with `?merchant=` where it is known), or that of the decision. */
export function TransactionPage() {
  const { id = '' } = useParams();
  const [search] = useSearch();
  const path = decisionPathOf(id, search.get('merchant') ?? undefined);
  if (path !== undefined) return <Transaction key={path} id={id} path={path} />;
  return isReference(id) ? <FindMerchant id={id} /> : <Missing id={id} />;
}

/** Whose transaction it is, where the address does not say: one merchant's, nobody's, or that of several. */
function FindMerchant({ id }: { readonly id: string }) {
  const text = useMessages(TRANSACTION_MESSAGES);
  const [isFound, setFound] = useState(false);
  const every = isFound ? {} : { everyMs: LOOK_AGAIN_MS };
  const { state, retry } = useApi<DecisionPage>(archivePath('decisions', { transaction: id, limit: ALIKE_MAX }), every);
  const alike = state.kind === 'ready' ? state.data.decisions : undefined;
  const [only] = alike ?? [];
  if (only && !isFound) setFound(true);
  const path = only && decisionPathOf(id, only.merchant_id);
  if (alike?.length === 1 && path !== undefined) return <Transaction id={id} path={path} />;
  if (alike?.length === 0) return <Missing id={id} onRetry={retry} />;
  return (
    <div className="archive-page">
      <Panel state={state} onRetry={retry}>
        {({ decisions }) => (
          <section className="archive-choice" aria-label={text.ambiguous}>
            <header>
              <Layers2 className="icon" aria-hidden />
              <h2>{text.ambiguous}</h2>
              <p className="second">{text.ambiguousText(id)}</p>
            </header>
            <DecisionTable caption={text.ambiguous} decisions={decisions} />
          </section>
        )}
      </Panel>
    </div>
  );
}

function Transaction({ id, path }: { readonly id: string; readonly path: string }) {
  const { state, retry } = useApi<ArchivedDecision>(path, { everyMs: EVERY_MS });
  if (state.kind === 'failed' && state.isMissing) return <Missing id={id} onRetry={retry} />;
  return (
    <div className="archive-page">
      <Panel state={state} onRetry={retry}>
        {(archived) => <Contents archived={archived} isStaleSinceMs={state.kind === 'ready' && state.isStale ? state.atMs : undefined} />}
      </Panel>
    </div>
  );
}

function Contents({ archived, isStaleSinceMs }: { readonly archived: ArchivedDecision; readonly isStaleSinceMs: number | undefined }) {
  const { outcome } = archived;
  return (
    <div className="archive-body">
      <TransactionHeader archived={archived} staleAtMs={isStaleSinceMs} />
      <div className="archive-columns">
        <div className="archive-main">
          <ScoreReasons outcome={outcome} />
          <NearbyPayments outcome={outcome} />
          <FeatureTable outcome={outcome} />
        </div>
        <div className="archive-side">
          <MoneyTrail outcome={outcome} />
          <LabelList archived={archived} />
          <StageBar timings={outcome.timings_ms} />
          <TransactionFacts outcome={outcome} />
          <TransactionVersions outcome={outcome} />
          <LateDecisions decisions={archived.late_decisions} />
        </div>
      </div>
    </div>
  );
}

function Missing({ id, onRetry }: { readonly id: string; readonly onRetry?: () => void }) {
  const text = useMessages(TRANSACTION_MESSAGES);
  const { tryAgain } = useMessages(ARCHIVE_MESSAGES);
  return (
    <EmptyState title={text.missing} Icon={FileQuestion} action={onRetry && <Button onClick={onRetry}>{tryAgain}</Button>}>
      {onRetry ? text.missingText(id) : text.notAnId(id)}
    </EmptyState>
  );
}
