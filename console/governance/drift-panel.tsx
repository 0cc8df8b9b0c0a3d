import { CircleCheck, Hourglass, TriangleAlert } from 'lucide-react';
import type { ActiveDrift, DriftMover } from '@trancendos/contracts/scoring-http';
import { useApi, useMessages } from '@trancendos/shell-api';
import {
  Badge,
  formatCount,
  formatDayClock,
  formatFixed,
  formatShare,
  Panel,
  StatStrip,
  StatTile,
  Table,
  type Column,
} from '@trancendos/ui';
import { DRIFT_MESSAGES } from './drift-messages.ts';

const EVERY_MS = 15_000;
const UNKNOWN = '–';
const MOVERS_SHOWN = 10;
/** A bar of the table is full at so many times the alarm. */
const FULL_AT_ALARMS = 2;

/** Whether the payments that are judged now are like those that the model was trained on, and how well they were judged. */
export function DriftPanel() {
  const text = useMessages(DRIFT_MESSAGES);
  const { state, retry } = useApi<ActiveDrift>('/api/scoring/v1/drift', { everyMs: EVERY_MS });
  return (
    <Panel
      title={text.drift}
      state={state}
      onRetry={retry}
      isEmpty={(drift) => drift.state === 'unwatched'}
      empty={{ title: text.unwatched, text: text.unwatchedText }}
      actions={state.kind === 'ready' && <StateBadge drift={state.data} />}
    >
      {(drift) => (
        <>
          <p className="governance-drift-says second">{sayState(drift, text)}</p>
          <DriftStrip drift={drift} />
          {drift.state !== 'waiting' && <MoverTable drift={drift} />}
        </>
      )}
    </Panel>
  );
}

function StateBadge({ drift: { state } }: { readonly drift: ActiveDrift }) {
  const text = useMessages(DRIFT_MESSAGES);
  if (state === 'unwatched') return null;
  const { tone, Icon } = {
    waiting: { tone: 'neutral', Icon: Hourglass } as const,
    quiet: { tone: 'ok', Icon: CircleCheck } as const,
    drifting: { tone: 'warn', Icon: TriangleAlert } as const,
  }[state];
  return (
    <span data-drift={state}>
      <Badge tone={tone}>
        <Icon className="icon" aria-hidden /> {text[`state_${state}`]}
      </Badge>
    </span>
  );
}

type DriftText = ReturnType<typeof useMessages<typeof DRIFT_MESSAGES.en>>;

function sayState({ state, window, psi_alarm, movers, score }: ActiveDrift, text: DriftText): string {
  if (state === 'waiting')
    return text.waiting(`${window.days} / ${window.days_least}`, `${formatCount(window.payments)} / ${formatCount(window.payments_least)}`);
  const beyond = [...movers, ...(score ? [score] : [])].filter(({ psi, steady }) => steady && psi > psi_alarm).length;
  const alarm = formatFixed(psi_alarm, 2);
  return state === 'drifting' ? text.drifting(formatCount(beyond), alarm) : text.quiet(alarm);
}

interface DriftProps {
  readonly drift: ActiveDrift;
}

/** The score, the replay, and what labels say: the figures that stand whatever the features do. */
function DriftStrip({ drift }: DriftProps) {
  const text = useMessages(DRIFT_MESSAGES);
  const { days, payments } = drift.window;
  return (
    <StatStrip label={text.figures}>
      <StatTile label={text.window} value={formatCount(payments)} second={text.windowText(formatCount(days))} />
      <ScoreTile drift={drift} />
      <ParityTile drift={drift} />
      <LabelTiles drift={drift} />
    </StatStrip>
  );
}

function ScoreTile({ drift: { state, score, psi_alarm } }: DriftProps) {
  const text = useMessages(DRIFT_MESSAGES);
  if (state === 'waiting' || !score) return <StatTile label={text.scoreDrift} value={UNKNOWN} second={text.notYet} />;
  const tone = verdictOf(score, psi_alarm) === 'moved' ? { tone: 'warn' as const } : {};
  return <StatTile label={text.scoreDrift} value={formatFixed(score.psi, 3)} second={text.ks(formatFixed(score.ks, 3))} {...tone} />;
}

function ParityTile({ drift: { parity } }: DriftProps) {
  const text = useMessages(DRIFT_MESSAGES);
  if (!parity || parity.ratio === null) return <StatTile label={text.parity} value={UNKNOWN} second={text.noParity} />;
  const isWhole = parity.equal === parity.compared;
  return (
    <StatTile
      label={text.parity}
      value={`${formatFixed(100 * parity.ratio, isWhole ? 0 : 2)} %`}
      second={text.parityText(formatCount(parity.compared), formatDayClock(parity.at).slice(0, -3))}
      {...(!isWhole && { tone: 'bad' as const })}
    />
  );
}

function LabelTiles({ drift: { mature } }: DriftProps) {
  const text = useMessages(DRIFT_MESSAGES);
  if (!mature)
    return [text.recall, text.precision, text.rank].map((label) => (
      <StatTile key={label} label={label} value={UNKNOWN} second={text.noLabels} />
    ));
  const share = (value: number | null) => (value === null ? UNKNOWN : formatShare(value, 1));
  const index = (value: number | null) => (value === null ? UNKNOWN : formatFixed(value, 3));
  return (
    <>
      <StatTile label={text.recall} value={share(mature.alert_recall)} second={text.frauds(formatCount(mature.frauds))} />
      <StatTile label={text.precision} value={share(mature.alert_precision)} second={text.payments(formatCount(mature.payments))} />
      <StatTile label={text.rank} value={index(mature.average_precision)} second={`AUC ${index(mature.auc)}`} />
    </>
  );
}

function MoverTable({ drift: { movers, psi_alarm } }: { readonly drift: ActiveDrift }) {
  const text = useMessages(DRIFT_MESSAGES);
  const columns: readonly Column<DriftMover>[] = [
    { id: 'feature', title: text.feature, cell: ({ name }) => <span className="mono">{name}</span> },
    { id: 'bar', title: text.againstAlarm, width: '220px', cell: (mover) => <AlarmBar mover={mover} alarm={psi_alarm} /> },
    { id: 'psi', title: 'PSI', align: 'end', width: '96px', cell: ({ psi }) => formatFixed(psi, 3) },
    { id: 'ks', title: 'KS', align: 'end', width: '96px', cell: ({ ks }) => formatFixed(ks, 3) },
    { id: 'says', title: text.says, width: '220px', cell: (mover) => text[verdictOf(mover, psi_alarm)] },
  ];
  return <Table caption={text.movers} columns={columns} rows={movers.slice(0, MOVERS_SHOWN)} rowKey={({ name }) => name} />;
}

/** How far a feature is on the way to the alarm, which the line in the middle stands for. */
function AlarmBar({ mover, alarm }: { readonly mover: DriftMover; readonly alarm: number }) {
  const part = Math.min(1, mover.psi / (FULL_AT_ALARMS * alarm));
  return (
    <i className="governance-alarm" data-verdict={verdictOf(mover, alarm)} aria-hidden>
      <i style={{ width: `${100 * part}%` }} />
    </i>
  );
}

function verdictOf({ psi, steady }: DriftMover, alarm: number): 'moved' | 'ages' | 'still' {
  if (psi <= alarm) return 'still';
  return steady ? 'moved' : 'ages';
}
