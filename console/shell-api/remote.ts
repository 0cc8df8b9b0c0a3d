import type { Capability } from './session.ts';
import type { ComponentType } from 'react';

/** The contract between the shell and its remotes. It grows by what is optional; what breaks either side is a new number. */
export const CONTRACT = 1;

export interface RemoteRoute {
  /** `/ledger/accounts/:id`; what a colon names reaches the page by `useParams`. */
  readonly path: string;
  /** Of the page, in the title bar and the document's title; by language where it is a function. */
  readonly title: string | ((locale: 'en' | 'fr') => string);
  /** What a reader must be allowed to do to see the page. */
  readonly capability: Capability;
  readonly Page: ComponentType;
}

/** What a remote's module exports as `remote`, beside `contract`. */
export interface Remote {
  readonly id: string;
  readonly title: string;
  readonly routes: readonly RemoteRoute[];
}

/** A remote's module, as the shell imports it. */
export interface RemoteModule {
  readonly contract: number;
  readonly remote: Remote;
}
