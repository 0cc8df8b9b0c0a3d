import { createRequire } from 'node:module';

interface RequestQueue {
  pending: unknown[];
  scheduleCheckPendingRequests: (this: RequestQueue) => void;
  calmed?: true;
}

/**
 * Stops kafkajs 2.2.4 from polling: every connection re-arms a timer of 1 ms (or of a negative time, which Node 24 warns about) to look at
 * an empty queue, 3 % of a core a connection (github.com/tulios/kafkajs/issues/1751). A timer is needed only while requests are pending;
 * an answer that frees a slot looks at the queue by itself. Called before the first connection; calling it again changes nothing.
 */
export function calmKafkajs(): void {
  const load = createRequire(import.meta.url) as (path: string) => { prototype: RequestQueue };
  const { prototype } = load('kafkajs/src/network/requestQueue/index.js');
  if (prototype.calmed) return;
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function () {
    if (this.pending.length > 0) schedule.call(this);
  };
  prototype.calmed = true;
}
