import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import type { AuditEvent, AuditPage as AuditAnswer } from '@trancendos/contracts/audit';
import { useApi, useMessages } from '@trancendos/shell-api';
import { Button, formatDayClock, Panel, Table, type Column } from '@trancendos/ui';
import { GovernanceFrame } from './governance-frame.tsx';
import { GOVERNANCE_MESSAGES } from './messages.ts';
import { nameAuditKind } from './name-audit-kind.ts';

const EVERY_MS = 15_000;

/** `/governance/audit`: who came in, who was kept out, who changed what anybody may do or took data with them. Newest first. */
export function AuditPage() {
  const text = useMessages(GOVERNANCE_MESSAGES);
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const cursor = cursors.at(-1);
  const { state, retry } = useApi<AuditAnswer>(`/api/audit?limit=50${cursor === undefined ? '' : `&cursor=${cursor}`}`, {
    everyMs: EVERY_MS,
  });
  return (
    <GovernanceFrame>
      <Panel state={state} onRetry={retry} isEmpty={({ events }) => events.length === 0} empty={{ title: text.noEvents }}>
        {({ events, next_cursor }) => (
          <>
            <EventTable events={events} />
            <div className="governance-pager">
              <Button disabled={cursors.length === 0} onClick={() => setCursors(cursors.slice(0, -1))}>
                <ChevronLeft className="icon" aria-hidden /> {text.newer}
              </Button>
              <Button disabled={next_cursor === null} onClick={() => next_cursor !== null && setCursors([...cursors, next_cursor])}>
                {text.older} <ChevronRight className="icon" aria-hidden />
              </Button>
            </div>
          </>
        )}
      </Panel>
    </GovernanceFrame>
  );
}

function EventTable({ events }: { readonly events: readonly AuditEvent[] }) {
  const text = useMessages(GOVERNANCE_MESSAGES);
  const columns: readonly Column<AuditEvent>[] = [
    { id: 'time', title: text.time, width: '190px', cell: ({ at }) => <span className="mono">{formatDayClock(Date.parse(at))}</span> },
    { id: 'event', title: text.event, width: '180px', cell: ({ kind }) => nameAuditKind(kind) },
    { id: 'person', title: text.person, width: '180px', cell: ({ actor }) => actor?.name ?? text.nobody },
    { id: 'address', title: text.address, width: '150px', cell: ({ address }) => <span className="mono">{address ?? '–'}</span> },
    { id: 'subject', title: text.subject, cell: ({ subject }) => <span className="mono">{subject ?? '–'}</span> },
  ];
  return <Table caption={text.audit} columns={columns} rows={events} rowKey={({ seq }) => String(seq)} />;
}
