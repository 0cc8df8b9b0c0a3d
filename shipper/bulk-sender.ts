import type { Client } from '@elastic/elasticsearch';
import type { LogDocument } from './document-of-line.ts';

/** A document that the server will never take, and why. */
export interface Refused {
  readonly document: LogDocument;
  readonly status: number;
  readonly reason: string;
}

/** The server has to be asked again: it is away, or has too much to do. */
export class ShipError extends Error {
  override readonly name = 'ShipError';
}

/** Resolves when every document is stored or refused; throws `ShipError` when some may not be. */
export type Send = (documents: readonly LogDocument[]) => Promise<readonly Refused[]>;

const DATASET = (service: string) => `trancendos.${service}`;
const CONFLICT = 409;

/** Sends documents to the data stream of their service. One that is there already (409) counts as stored. */
export function bulkSender(client: Client, namespace: string): Send {
  return async (documents) => {
    const refused: Refused[] = [];
    let again = 0;
    const byId = new Map(documents.map((document) => [document.id, document]));
    const failure = await client.helpers
      .bulk<LogDocument>({
        datasource: [...documents],
        concurrency: 1,
        retries: 0,
        onDocument: ({ id, service, body }) => [
          { create: { _index: `logs-${DATASET(service)}-${namespace}`, _id: id } },
          { ...body, ...streamFields(service, namespace) },
        ],
        // It names what was sent, which is not what was given: only the operation tells whose it is.
        onDrop: ({ operation, status, error }) => {
          if (status === CONFLICT) return;
          const document = byId.get((operation as { readonly create: { readonly _id: string } }).create._id);
          if (isPassing(status) || document === undefined) again++;
          else refused.push({ document, status, reason: `${error?.type ?? 'unknown'}: ${error?.reason ?? ''}`.slice(0, 500) });
        },
      })
      .then(
        () => undefined,
        (error: unknown) => error,
      );
    if (failure !== undefined) throw new ShipError('the bulk request failed', { cause: failure });
    if (again > 0) throw new ShipError(`${again} of ${documents.length} documents have to come again`);
    return refused;
  };
}

const isPassing = (status: number): boolean => status === 429 || status >= 500;

const streamFields = (service: string, namespace: string) => ({
  'data_stream.type': 'logs',
  'data_stream.dataset': DATASET(service),
  'data_stream.namespace': namespace,
});
