import type { EntityList } from '@trancendos/contracts/control';
import type { Rule } from '@trancendos/contracts/ruleset';
import type { ActiveLists, ActiveModel, ActiveRules } from '@trancendos/contracts/scoring-http';
import { useApi, useMessages } from '@trancendos/shell-api';
import { formatCount, formatFixed, formatMoney, Panel, StatStrip, StatTile, Table, type Column } from '@trancendos/ui';
import { nameReason } from '../wording/name-reason.ts';
import { DriftPanel } from './drift-panel.tsx';
import { GovernanceFrame } from './governance-frame.tsx';
import { GOVERNANCE_MESSAGES } from './messages.ts';
import { nameListKind } from './name-list-kind.ts';

const EVERY_MS = 15_000;
const UNKNOWN = '–';

/** `/governance`: the model, the rules and the lists that decide now. */
export function DecidingPage() {
  const text = useMessages(GOVERNANCE_MESSAGES);
  const model = useApi<ActiveModel>('/api/scoring/v1/model', { everyMs: EVERY_MS });
  return (
    <GovernanceFrame>
      <div className="governance-scroll" role="group" aria-label={text.deciding} tabIndex={0}>
        <Panel state={model.state} onRetry={model.retry}>
          {(active) => <ModelStrip active={active} />}
        </Panel>
        <DriftPanel />
        <Rules />
        <Lists />
      </div>
    </GovernanceFrame>
  );
}

function ModelStrip({ active }: { readonly active: ActiveModel }) {
  const text = useMessages(GOVERNANCE_MESSAGES);
  const { model, hash, fallback, thresholds, metrics, typical_amount } = active;
  return (
    <StatStrip label={text.model}>
      <StatTile
        label={text.model}
        value={model ?? text.noModel}
        second={[hash?.slice(0, 6), fallback !== null && text.fallback(fallback)].filter(Boolean).join(' · ')}
      />
      <StatTile
        label={text.thresholds}
        value={thresholds ? `${thresholds.review} · ${thresholds.decline}` : UNKNOWN}
        second={text.thresholdsText(formatMoney(typical_amount * 100, 'EUR'))}
      />
      <StatTile
        label={text.quality}
        value={metrics ? formatFixed(metrics.average_precision, 3) : UNKNOWN}
        second={metrics && text.qualityText(formatFixed(metrics.auc, 3))}
      />
      <StatTile
        label={text.calibration}
        value={metrics ? formatFixed(metrics.calibration_error, 4) : UNKNOWN}
        second={text.calibrationText}
      />
    </StatStrip>
  );
}

function Rules() {
  const text = useMessages(GOVERNANCE_MESSAGES);
  const { state, retry } = useApi<ActiveRules>('/api/scoring/v1/rules', { everyMs: EVERY_MS });
  const columns: readonly Column<Rule>[] = [
    { id: 'rule', title: text.rule, width: '220px', cell: ({ id, version }) => `${id.replaceAll('_', ' ')} (${version})` },
    { id: 'effect', title: text.effect, width: '140px', cell: ({ effect }) => text[`effect_${effect}`] },
    { id: 'condition', title: text.condition, cell: ({ when }) => <code className="mono governance-condition">{when}</code> },
    { id: 'reason', title: text.reason, width: '220px', cell: ({ reason }) => nameReason(reason) },
  ];
  return (
    <Panel title={state.kind === 'ready' ? `${text.rules} ${state.data.version}` : text.rules} state={state} onRetry={retry}>
      {({ rules }) => <Table caption={text.rules} columns={columns} rows={rules} rowKey={({ id }) => id} />}
    </Panel>
  );
}

function Lists() {
  const text = useMessages(GOVERNANCE_MESSAGES);
  const { state, retry } = useApi<ActiveLists>('/api/scoring/v1/lists', { everyMs: EVERY_MS });
  const columns: readonly Column<[string, EntityList]>[] = [
    { id: 'list', title: text.list, width: '220px', cell: ([name]) => name },
    { id: 'effect', title: text.effect, width: '140px', cell: ([, { effect }]) => text[`effect_${effect}`] },
    { id: 'kind', title: text.kind, cell: ([, { kind }]) => nameListKind(kind) },
    { id: 'entries', title: text.entries, align: 'end', width: '120px', cell: ([, { entries }]) => formatCount(entries.length) },
  ];
  return (
    <Panel
      title={text.lists}
      state={state}
      onRetry={retry}
      isEmpty={({ lists }) => Object.keys(lists).length === 0}
      empty={{ title: text.noLists, text: text.noListsText }}
    >
      {({ lists }) => <Table caption={text.lists} columns={columns} rows={Object.entries(lists)} rowKey={([name]) => name} />}
    </Panel>
  );
}
