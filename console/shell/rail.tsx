import { Link, useMessages, useSession } from '@trancendos/shell-api';
import { SHELL_MESSAGES } from './messages.ts';
import { NAVIGATION, type NavigationItem } from './navigation.ts';

/** The pages, in groups; `path` is the present address. */
export function Rail({ path }: { readonly path: string }) {
  const text = useMessages(SHELL_MESSAGES);
  const groups = Map.groupBy(NAVIGATION, ({ group }) => group);
  return (
    <nav className="rail" aria-label={text.pages}>
      <Link className="brand" href="/live" aria-label={text.brandLink}>
        <Brand />
        <span>Trancendos</span>
      </Link>
      {[...groups].map(([group, items]) => (
        <div key={group} className="rail-section">
          <div className="rail-group">{text[group]}</div>
          {items.map((item) => (
            <RailLink key={item.href} item={item} path={path} />
          ))}
        </div>
      ))}
    </nav>
  );
}

/** Leads to a page; where the reader may not see it, says why instead. */
function RailLink({ item, path }: { readonly item: NavigationItem; readonly path: string }) {
  const text = useMessages(SHELL_MESSAGES);
  const session = useSession();
  const label = text[item.label];
  const isCurrent = path === item.href || path.startsWith(`${item.href}/`);
  const isAllowed = session === undefined || session.capabilities.includes(item.capability);
  const content = (
    <>
      <item.Icon className="icon" aria-hidden />
      <span>{label}</span>
    </>
  );
  if (!isAllowed) {
    const reason = text.notAllowed(item.capability);
    return (
      <a className="rail-link" role="link" aria-disabled="true" tabIndex={0} aria-label={`${label}. ${reason}`} title={reason}>
        {content}
      </a>
    );
  }
  return (
    <Link className="rail-link" href={item.href} aria-current={isCurrent ? 'page' : undefined} aria-label={label} title={label}>
      {content}
    </Link>
  );
}

function Brand() {
  return (
    <svg viewBox="0 0 24 24" fill="none" width="22" height="22" strokeLinecap="round" aria-hidden>
      <path d="M3 6h18M12 6v15" stroke="var(--accent)" strokeWidth="2.6" />
      <path d="M6 21c0-6 2.5-9 6-9s6 3 6 9" stroke="var(--text)" strokeWidth="2.2" opacity=".85" />
    </svg>
  );
}
