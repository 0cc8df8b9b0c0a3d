import { CSPProvider } from '@base-ui/react/csp-provider';
import { Tooltip } from '@base-ui/react/tooltip';
import type { ReactNode } from 'react';
import { ToastArea } from './toast.tsx';

/** Stands once, around everything. The page's policy allows no style elements, so none are made. */
export function UiRoot({ children }: { readonly children: ReactNode }) {
  return (
    <CSPProvider disableStyleElements>
      <Tooltip.Provider delay={400}>
        <ToastArea>{children}</ToastArea>
      </Tooltip.Provider>
    </CSPProvider>
  );
}
