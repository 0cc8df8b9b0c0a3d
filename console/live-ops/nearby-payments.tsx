import { useState } from 'react';
import type { DecisionPage, EntityType } from '@trancendos/contracts/archive';
import type { Outcome } from '@trancendos/contracts/outcome';
import { useApi, useMessages } from '@trancendos/shell-api';
import { Panel, Tabs } from '@trancendos/ui';
import { archivePath } from './archive-path.ts';
import { DecisionTable, type DecisionColumn } from './decision-table.tsx';
import { nearbyQueries, takeNearby } from './nearby-queries.ts';
import { TRANSACTION_MESSAGES } from './transaction-messages.ts';

interface Neighbourhood {
  readonly type: EntityType;
  readonly id: string;
  readonly label: string;
  readonly without: readonly DecisionColumn[];
}

/** What else the same payer did, and what else happened at the same terminal, shortly before and after. */
export function NearbyPayments({ outcome }: { readonly outcome: Outcome }) {
  const text = useMessages(TRANSACTION_MESSAGES);
  const { payer, terminal_id, merchant_id } = outcome.transaction;
  const known: readonly (Omit<Neighbourhood, 'id'> & { readonly id: string | undefined })[] = [
    { type: 'account', id: payer.account_id, label: text.samePayer, without: ['payer'] },
    { type: 'card', id: payer.card_token, label: text.sameCard, without: ['payer'] },
    { type: 'terminal', id: terminal_id, label: text.sameTerminal, without: ['terminal'] },
    { type: 'merchant', id: terminal_id === undefined ? merchant_id : undefined, label: text.sameMerchant, without: ['merchant'] },
  ];
  const places = known.filter((place): place is Neighbourhood => place.id !== undefined);
  const [chosen, choose] = useState<string>(places[0]?.type ?? 'merchant');
  return (
    <section className="archive-part archive-nearby" aria-label={text.nearby}>
      <h2>{text.nearby}</h2>
      <Tabs
        label={text.nearby}
        value={chosen}
        onValue={choose}
        tabs={places.map((place) => ({
          value: place.type,
          label: place.label,
          content: place.type === chosen && <Neighbours place={place} outcome={outcome} />,
        }))}
      />
    </section>
  );
}

function Neighbours({ place, outcome }: { readonly place: Neighbourhood; readonly outcome: Outcome }) {
  const text = useMessages(TRANSACTION_MESSAGES);
  const { before, after } = nearbyQueries(place.type, outcome.committed_at);
  const own = { [place.type]: place.id };
  const earlier = useApi<DecisionPage>(archivePath('decisions', { ...own, ...before }));
  const later = useApi<DecisionPage>(archivePath('decisions', { ...own, ...after }));
  return (
    <Panel state={earlier.state} onRetry={earlier.retry}>
      {(page) => {
        const decisions = takeNearby(page.decisions, later.state.kind === 'ready' ? later.state.data : undefined);
        const isAlone = decisions.every(({ decision_id }) => decision_id === outcome.decision_id);
        if (isAlone) return <p className="second">{text.nothingNearby}</p>;
        return (
          <DecisionTable caption={place.label} decisions={decisions} without={[...place.without, 'why']} selectedId={outcome.decision_id} />
        );
      }}
    </Panel>
  );
}
