import { FileQuestion, Radio } from 'lucide-react';
import { useState } from 'react';
import { type EntityProfile, type EntityType } from '@trancendos/contracts/archive';
import { Link, useApi, useMessages, useParams, useSearch } from '@trancendos/shell-api';
import { Button, EmptyState, Panel, StaleBadge } from '@trancendos/ui';
import { ARCHIVE_MESSAGES } from './archive-messages.ts';
import { archivePath } from './archive-path.ts';
import { CopyId } from './copy-id.tsx';
import { DecisionList } from './decision-list.tsx';
import { readFilter } from './decision-filter.ts';
import { EntityAmounts, EntityCounterparts } from './entity-counterparts.tsx';
import { EntityFigures } from './entity-figures.tsx';
import { ENTITY_MESSAGES } from './entity-messages.ts';
import { EntityMoney } from './entity-money.tsx';
import { isReference } from './transaction-address.ts';
import './archive.css';

const TYPES: readonly EntityType[] = ['account', 'card', 'merchant', 'terminal'];
const EVERY_MS = 5_000;

/** `/entity/:type/:id`: an account, a card, a merchant or a terminal, by the decisions that are kept of it. */
export function EntityPage() {
  const { type: asked, id = '' } = useParams();
  const text = useMessages(ENTITY_MESSAGES);
  const type = TYPES.find((known) => known === asked);
  if (type === undefined)
    return (
      <EmptyState title={text.unknownType} Icon={FileQuestion}>
        {text.unknownTypeText}
      </EmptyState>
    );
  return isReference(id) ? <Entity type={type} id={id} /> : <Missing id={id} />;
}

function Entity({ type, id }: { readonly type: EntityType; readonly id: string }) {
  const { state, retry } = useApi<EntityProfile>(archivePath(`entities/${type}/${encodeURIComponent(id)}`), { everyMs: EVERY_MS });
  if (state.kind === 'failed' && state.isMissing) return <Missing id={id} onRetry={retry} />;
  return (
    <div className="archive-page">
      <Panel state={state} onRetry={retry}>
        {(profile) => <Contents profile={profile} staleAtMs={state.kind === 'ready' && state.isStale ? state.atMs : undefined} />}
      </Panel>
    </div>
  );
}

function Contents({ profile, staleAtMs }: { readonly profile: EntityProfile; readonly staleAtMs: number | undefined }) {
  const [search, change] = useSearch();
  const [openedMs] = useState(() => Date.now());
  return (
    <div className="archive-body">
      <Header profile={profile} staleAtMs={staleAtMs} />
      <EntityFigures profile={profile} />
      <div className="archive-columns">
        <div className="archive-main">
          <DecisionList profile={profile} filter={readFilter(search)} onFilter={change} openedMs={openedMs} />
        </div>
        <div className="archive-side">
          {(profile.type === 'account' || profile.type === 'merchant') && <EntityMoney profile={profile} />}
          <EntityCounterparts profile={profile} />
          <EntityAmounts profile={profile} />
        </div>
      </div>
    </div>
  );
}

/** Fields of the live page's filter. */
const LIVE_FIELDS = { account: 'payer', card: 'card', merchant: 'merchant', terminal: 'terminal' } as const;

function Header({ profile: { type, id }, staleAtMs }: { readonly profile: EntityProfile; readonly staleAtMs: number | undefined }) {
  const text = useMessages(ENTITY_MESSAGES);
  const shared = useMessages(ARCHIVE_MESSAGES);
  return (
    <header className="archive-head archive-head-entity">
      <div className="archive-head-top">
        <div>
          <div className="second">{shared[type]}</div>
          <h2 className="archive-name">{id}</h2>
        </div>
        {staleAtMs !== undefined && <StaleBadge atMs={staleAtMs} />}
        <div className="archive-actions">
          <CopyId id={id} what={text.id} isIdHidden />
          <Link className="button" href={`/live?filter=${encodeURIComponent(`${LIVE_FIELDS[type]}=${id}`)}`}>
            <Radio className="icon" aria-hidden /> {shared.showLive}
          </Link>
        </div>
      </div>
    </header>
  );
}

function Missing({ id, onRetry }: { readonly id: string; readonly onRetry?: () => void }) {
  const text = useMessages(ENTITY_MESSAGES);
  const { tryAgain } = useMessages(ARCHIVE_MESSAGES);
  return (
    <EmptyState title={text.missing} Icon={FileQuestion} action={onRetry && <Button onClick={onRetry}>{tryAgain}</Button>}>
      {text.missingText(id)}
    </EmptyState>
  );
}
