import { useMemo, useState } from 'react';
import type { ListedSession, RevocationAnswer, SessionList } from '@trancendos/contracts/session';
import { callApi, useApi, useCan, useMessages, useToast } from '@trancendos/shell-api';
import { Badge, Button, DataTable, formatDayClock, Panel, type Column } from '@trancendos/ui';
import { nameRoles } from '../wording/name-role.ts';
import { GovernanceFrame } from './governance-frame.tsx';
import { GOVERNANCE_MESSAGES } from './messages.ts';

const EVERY_MS = 10_000;

/** `/governance/sessions`: who is signed in, from where, and an end to it. */
export function SessionsPage() {
  const text = useMessages(GOVERNANCE_MESSAGES);
  const { state, retry } = useApi<SessionList>('/api/sessions', { everyMs: EVERY_MS });
  return (
    <GovernanceFrame>
      <Panel state={state} onRetry={retry} isEmpty={({ sessions }) => sessions.length === 0} empty={{ title: text.noEvents }}>
        {({ sessions }) => <SessionTable sessions={sessions} onEnded={retry} />}
      </Panel>
    </GovernanceFrame>
  );
}

function SessionTable({ sessions, onEnded }: { readonly sessions: readonly ListedSession[]; readonly onEnded: () => void }) {
  const text = useMessages(GOVERNANCE_MESSAGES);
  const columns = useMemo((): readonly Column<ListedSession>[] => {
    const time = (id: 'opened_at' | 'used_at' | 'expires_at', title: string): Column<ListedSession> => ({
      id,
      title,
      width: '180px',
      cell: (session) => <span className="mono">{formatDayClock(Date.parse(session[id]))}</span>,
      sortBy: (session) => session[id],
    });
    return [
      {
        id: 'person',
        title: text.person,
        cell: ({ user, current }) => (
          <>
            {user.name} {current && <Badge tone="accent">{text.thisOne}</Badge>}
          </>
        ),
        sortBy: ({ user }) => user.name,
      },
      { id: 'roles', title: text.roles, cell: ({ user }) => nameRoles(user.roles) },
      time('opened_at', text.opened),
      time('used_at', text.used),
      time('expires_at', text.ends),
      { id: 'address', title: text.address, width: '140px', cell: ({ address }) => <span className="mono">{address}</span> },
      { id: 'end', title: text.end, align: 'end', width: '110px', cell: (session) => <EndButton session={session} onEnded={onEnded} /> },
    ];
  }, [text, onEnded]);
  return (
    <DataTable
      caption={text.sessions}
      columns={columns}
      rows={sessions}
      rowKey={({ id }) => id}
      initialSort={{ columnId: 'used_at', isDescending: true }}
    />
  );
}

function EndButton({ session, onEnded }: { readonly session: ListedSession; readonly onEnded: () => void }) {
  const text = useMessages(GOVERNANCE_MESSAGES);
  const toast = useToast();
  const mayEnd = useCan('sessions:revoke');
  const [isUnderWay, setUnderWay] = useState(false);
  const end = async () => {
    setUnderWay(true);
    const answer = await callApi<RevocationAnswer>(`/api/sessions/${session.id}`, { method: 'DELETE' });
    setUnderWay(false);
    toast({ title: answer.kind === 'ok' ? text.ended : text.notEnded, tone: answer.kind === 'ok' ? 'neutral' : 'bad' });
    onEnded();
  };
  return (
    <Button disabled={isUnderWay} disabledReason={mayEnd ? undefined : text.endNot} onClick={() => void end()}>
      {text.end}
    </Button>
  );
}
