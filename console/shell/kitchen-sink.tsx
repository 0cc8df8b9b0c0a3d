import { Bell, CircleCheck, CirclePause, CircleX } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import {
  Badge,
  Button,
  ChartFrame,
  DataTable,
  Dialog,
  Drawer,
  formatCount,
  IconButton,
  Menu,
  Panel,
  Select,
  showToast,
  StaleBadge,
  StatStrip,
  StatTile,
  Tabs,
  Tooltip,
  type Column,
  type PanelState,
} from '@trancendos/ui';

/** `/dev/kitchen-sink`: every primitive of the design system in every state, to be looked at and to be audited. In English alone. */
export function KitchenSink() {
  return (
    <div className="kitchen">
      <Shelf title="Buttons and badges">
        <Buttons />
      </Shelf>
      <Shelf title="Choices and overlays">
        <Choices />
      </Shelf>
      <Shelf title="Numbers">
        <Numbers />
      </Shelf>
      <Shelf title="Table">
        <People />
      </Shelf>
      <Shelf title="Chart">
        <Line />
      </Shelf>
      <Shelf title="States of a panel">
        <States />
      </Shelf>
    </div>
  );
}

function Shelf({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="kitchen-shelf" aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function Buttons() {
  return (
    <div className="kitchen-row">
      <Button>Outline</Button>
      <Button variant="primary">Primary</Button>
      <Button variant="quiet">Quiet</Button>
      <Button variant="danger">Danger</Button>
      <Button disabledReason="It takes the permission “ledger:export”.">Not allowed</Button>
      <IconButton label="Notify" onClick={() => showToast({ title: 'Saved', description: 'The view is in your list.', tone: 'ok' })}>
        <Bell className="icon" aria-hidden />
      </IconButton>
      <Badge>Neutral</Badge>
      <Badge tone="accent">sampled 1:4</Badge>
      <Badge tone="ok">
        <CircleCheck className="icon" aria-hidden /> Approved
      </Badge>
      <Badge tone="warn">
        <CirclePause className="icon" aria-hidden /> Held
      </Badge>
      <Badge tone="bad">
        <CircleX className="icon" aria-hidden /> Declined
      </Badge>
      <StaleBadge atMs={Date.UTC(2026, 4, 1, 14, 2, 11)} />
    </div>
  );
}

function Choices() {
  const [kind, setKind] = useState<'all' | 'customer' | 'merchant'>('all');
  const [tab, setTab] = useState('history');
  const [overlay, setOverlay] = useState<'dialog' | 'drawer'>();
  const close = () => setOverlay(undefined);
  return (
    <>
      <div className="kitchen-row">
        <Select
          label="Kind"
          value={kind}
          onValue={setKind}
          options={[
            { value: 'all', label: 'All' },
            { value: 'customer', label: 'customer' },
            { value: 'merchant', label: 'merchant' },
          ]}
        />
        <Menu
          trigger={<Button>Menu</Button>}
          groups={[
            {
              title: 'Act',
              items: [
                { label: 'Approve', keys: 'A', run: close },
                { label: 'Decline', run: close, disabledReason: 'Locked by somebody' },
              ],
            },
            { items: [{ label: 'Follow', run: close, isChosen: true }] },
          ]}
        />
        <Tooltip content="A few words about it">
          <Button variant="quiet">Tip</Button>
        </Tooltip>
        <Button onClick={() => setOverlay('dialog')}>Dialog</Button>
        <Button onClick={() => setOverlay('drawer')}>Drawer</Button>
      </div>
      <Tabs
        label="Tabs"
        value={tab}
        onValue={setTab}
        tabs={[
          { value: 'history', label: 'History', content: 'What was before.' },
          { value: 'notes', label: 'Notes', content: 'What was written.' },
        ]}
      />
      <Dialog isOpen={overlay === 'dialog'} onClose={close} title="A dialog" actions={<Button onClick={close}>Good</Button>}>
        It keeps the focus and gives it back.
      </Dialog>
      <Drawer isOpen={overlay === 'drawer'} onClose={close} title="A drawer">
        It stands at the side.
      </Drawer>
    </>
  );
}

function Numbers() {
  return (
    <StatStrip label="Figures">
      <StatTile label="Throughput" value={formatCount(1_214)} unit="/s" second="usually 1,180" />
      <StatTile label="Answer time" value="14.2" unit="ms" second="p99 41 ms" />
      <StatTile label="Out of balance" value="2" tone="bad" second="currencies" />
      <StatTile label="Not known yet" value={undefined} />
    </StatStrip>
  );
}

interface Person {
  readonly name: string;
  readonly cases: number;
}

const PEOPLE: readonly Person[] = [
  { name: 'ACC-20400', cases: 12 },
  { name: 'ACC-20437', cases: 3 },
  { name: 'ACC-20474', cases: 41 },
];
const COLUMNS: readonly Column<Person>[] = [
  { id: 'name', title: 'Account', cell: ({ name }) => name, sortBy: ({ name }) => name },
  { id: 'cases', title: 'Cases', align: 'end', cell: ({ cases }) => formatCount(cases), sortBy: ({ cases }) => cases },
];

function People() {
  const [selected, setSelected] = useState('ACC-20437');
  return (
    <DataTable
      caption="Accounts with cases"
      columns={COLUMNS}
      rows={PEOPLE}
      rowKey={({ name }) => name}
      selectedKey={selected}
      onOpen={({ name }) => setSelected(name)}
    />
  );
}

const POINTS = 60;
const TIMES_MS = Array.from({ length: POINTS }, (_, index) => Date.UTC(2026, 4, 1, 12, index));
const wave = (height: number, shift: number) => TIMES_MS.map((_, index) => height + 20 * Math.sin(index / 7 + shift));
const SERIES = [
  { label: 'Approved', color: 'ok', values: wave(120, 0) },
  { label: 'Held', color: 'warn', values: wave(60, 2) },
] as const;

function Line() {
  return <ChartFrame title="Decisions a minute" summary="an hour, calm" timesMs={TIMES_MS} series={SERIES} formatValue={formatRate} />;
}

const formatRate = (value: number) => formatCount(Math.round(value));

const STATES: readonly (readonly [string, PanelState<readonly string[]>])[] = [
  ['Loading', { kind: 'loading' }],
  ['Ready', { kind: 'ready', data: ['one', 'two'], atMs: 0, isStale: false }],
  ['Empty', { kind: 'ready', data: [], atMs: 0, isStale: false }],
  ['Stale', { kind: 'ready', data: ['of an earlier moment'], atMs: Date.UTC(2026, 4, 1, 14, 2, 11), isStale: true }],
  ['Failed', { kind: 'failed', detail: 'The service does not answer.', requestId: 'req_0199c0de' }],
  ['Denied', { kind: 'denied', reason: 'It takes the permission “ledger:read”.' }],
  ['Offline', { kind: 'offline' }],
];

function States() {
  return (
    <div className="kitchen-states">
      {STATES.map(([title, state]) => (
        <Panel
          key={title}
          title={title}
          state={state}
          onRetry={() => showToast({ title: 'Tried again' })}
          isEmpty={(data) => data.length === 0}
        >
          {(data) => <p className="kitchen-text">{data.join(', ')}</p>}
        </Panel>
      ))}
    </div>
  );
}
