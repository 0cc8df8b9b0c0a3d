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
export { defineMessages, messagesOf, useMessages, type Catalogue } from '@trancendos/ui';
export { CONTRACT, type Remote, type RemoteModule, type RemoteRoute } from './remote.ts';
export type { Capability, Session, SessionState, SessionUser } from './session.ts';
export { provideShell, shell, type NavigateOptions, type PageLocation, type Shell, type ToastMessage } from './shell.ts';
export type { Shortcut, ShortcutTable } from './shortcut.ts';
export type { Connection, SocketLink } from './socket-link.ts';
export { BACKGROUND_HEADER, callApi, CSRF_HEADER, type ApiAnswer, type ApiRequest } from './call-api.ts';
export { useApi, type Api, type UseApiOptions } from './use-api.ts';
