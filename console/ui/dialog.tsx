import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useMessages } from './define-messages.ts';
import { UI_MESSAGES } from './messages.ts';

export interface DialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly description?: string;
  readonly children: ReactNode;
  /** Buttons at the bottom. */
  readonly actions?: ReactNode;
  readonly size?: 'medium' | 'wide';
}

/** Asks for attention until it is closed; keeps the focus inside and gives it back. */
export function Dialog({ size = 'medium', ...rest }: DialogProps) {
  return <Overlay className="dialog" size={size} {...rest} />;
}

/** Slides in from the side, over the page. */
export function Drawer({ size = 'medium', ...rest }: DialogProps) {
  return <Overlay className="side-drawer" size={size} {...rest} />;
}

function Overlay({
  isOpen,
  onClose,
  title,
  description,
  children,
  actions,
  size,
  className,
}: DialogProps & { readonly className: string }) {
  const text = useMessages(UI_MESSAGES);
  return (
    <Base.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="backdrop" />
        <Base.Popup className={className} data-size={size}>
          <div className="overlay-top">
            <Base.Title className="overlay-title">{title}</Base.Title>
            <Base.Close className="icon-button" aria-label={text.close} title={text.close}>
              <X className="icon" aria-hidden />
            </Base.Close>
          </div>
          {description !== undefined && <Base.Description className="second">{description}</Base.Description>}
          <div className="overlay-body">{children}</div>
          {actions !== undefined && <div className="overlay-actions">{actions}</div>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
