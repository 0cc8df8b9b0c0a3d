import type { Decision } from '@trancendos/contracts/decision';
import type { Outcome } from '@trancendos/contracts/outcome';
import type { ReactNode } from 'react';
import { useMessages } from '@trancendos/shell-api';
import { formatDayClock } from '@trancendos/ui';
import { DecisionLabel } from './decision-label.tsx';
import { EntityLink } from './entity-link.tsx';
import { TRANSACTION_MESSAGES } from './transaction-messages.ts';

type FactLine = readonly [name: string, value: ReactNode];

/** What the merchant has told of the payment besides who and how much; nothing where it told no more. */
export function TransactionFacts({ outcome: { transaction } }: { readonly outcome: Outcome }) {
  const text = useMessages(TRANSACTION_MESSAGES);
  const { channel, instrument, device, ip, geo, category_code, payee, capture, metadata = {} } = transaction;
  const card = instrument && [instrument.kind, instrument.bin && `${instrument.bin}…${instrument.last4 ?? ''}`, instrument.country];
  const facts: readonly FactLine[] = [
    [text.channel, channel],
    [text.instrument, card?.filter(Boolean).join(' ')],
    [text.device, device?.id],
    [text.address, ip],
    [text.country, geo?.country],
    [text.category, category_code],
    [text.payee, payee && <EntityLink type="account" id={payee.account_id} />],
    [text.capture_mode, capture === 'manual' ? text.capturedLater : undefined],
    ...Object.entries(metadata),
  ];
  return <FactList title={text.facts} facts={facts} />;
}

/** What decided it, exactly enough to repeat it. */
export function TransactionVersions({ outcome: { versions, transaction } }: { readonly outcome: Outcome }) {
  const text = useMessages(TRANSACTION_MESSAGES);
  const facts: readonly FactLine[] = [
    [text.model, versions.model ?? text.rulesOnly],
    [text.ruleset, versions.ruleset],
    [text.features, versions.features],
    [text.lists, versions.lists],
    [text.policy, versions.policy],
    [text.requestId, transaction.request_id],
  ];
  return <FactList title={text.versions} facts={facts.map(([name, value]) => [name, value && <span className="mono">{value}</span>])} />;
}

function FactList({ title, facts }: { readonly title: string; readonly facts: readonly FactLine[] }) {
  const known = facts.filter(([, value]) => value !== undefined && value !== '');
  if (known.length === 0) return null;
  return (
    <section className="archive-part" aria-label={title}>
      <h2>{title}</h2>
      <dl className="facts num">
        {known.map(([name, value]) => (
          <div key={name} className="contents">
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Decisions of the same payment that the ledger passed over. */
export function LateDecisions({ decisions }: { readonly decisions: readonly Decision[] }) {
  const text = useMessages(TRANSACTION_MESSAGES);
  if (decisions.length === 0) return null;
  return (
    <section className="archive-part" aria-label={text.late}>
      <h2>{text.late}</h2>
      <p className="second">{text.lateText}</p>
      <ol className="archive-trail num">
        {decisions.map(({ decision_id, action, score, decided_at, versions }) => (
          <li key={decision_id}>
            <div className="archive-trail-line">
              <DecisionLabel action={action} />
              <span>{versions.model === null ? '–' : score}</span>
            </div>
            <div className="archive-trail-line second">
              <span className="mono">{decision_id}</span>
              <span className="mono">{formatDayClock(decided_at)}</span>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
