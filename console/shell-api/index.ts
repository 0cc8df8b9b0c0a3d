export {
  useCan,
  useConnection,
  useDensity,
  useHotkeys,
  useLocale,
  useLocation,
  useNavigate,
  useParams,
  useSearch,
  useSession,
  useSocket,
  useTheme,
  useToast,
} from './hooks.ts';
export { Link } from './link.tsx';
export { defineMessages, messagesOf, useMessages, type Catalogue } from './messages.ts';
export { CONTRACT, type Remote, type RemoteModule, type RemoteRoute } from './remote.ts';
export type { Capability, Session, SessionState, SessionUser } from './session.ts';
export { provideShell, shell, type NavigateOptions, type PageLocation, type Shell, type ToastMessage } from './shell.ts';
export type { Shortcut, ShortcutTable } from './shortcut.ts';
export type { Connection, SocketLink } from './socket-link.ts';
