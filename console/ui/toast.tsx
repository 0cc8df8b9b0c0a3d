import { Toast as Base } from '@base-ui/react/toast';
import { CircleCheck, CircleX, Info, TriangleAlert, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useMessages } from './define-messages.ts';
import { UI_MESSAGES } from './messages.ts';

export interface ToastContent {
  readonly title: string;
  readonly description?: string;
  readonly tone?: 'neutral' | 'ok' | 'warn' | 'bad';
}

const manager = Base.createToastManager();
const SHOWN_MS = 6_000;
const SHOWN_MAX = 3;
const ICONS = { neutral: Info, ok: CircleCheck, warn: TriangleAlert, bad: CircleX } as const;

/** Shows a message at the edge of the page; one that went wrong is read out at once, others when there is time. */
export function showToast({ title, description, tone = 'neutral' }: ToastContent): void {
  manager.add({ title, description, type: tone, priority: tone === 'bad' ? 'high' : 'low' });
}

/** Stands once, around the console. */
export function ToastArea({ children }: { readonly children: ReactNode }) {
  const text = useMessages(UI_MESSAGES);
  return (
    <Base.Provider toastManager={manager} timeout={SHOWN_MS} limit={SHOWN_MAX}>
      {children}
      <Base.Portal>
        <Base.Viewport className="toasts" aria-label={text.notifications}>
          <ToastList />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  );
}

function ToastList() {
  const text = useMessages(UI_MESSAGES);
  const { toasts } = Base.useToastManager();
  return toasts.map((toast) => {
    const tone = toast.type && toast.type in ICONS ? (toast.type as keyof typeof ICONS) : 'neutral';
    const Icon = ICONS[tone];
    return (
      <Base.Root key={toast.id} toast={toast} className="toast" data-tone={tone}>
        <Icon className="icon" aria-hidden />
        <Base.Content className="toast-content">
          <Base.Title className="toast-title" />
          <Base.Description className="second" />
        </Base.Content>
        <Base.Close className="icon-button" aria-label={text.close}>
          <X className="icon" aria-hidden />
        </Base.Close>
      </Base.Root>
    );
  });
}
