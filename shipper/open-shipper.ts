import { join } from 'node:path';
import { Client } from '@elastic/elasticsearch';
import { BoundedLog } from '@trancendos/platform/bounded-log';
import type { Logger } from '@trancendos/platform/log';
import type { Resource } from '@trancendos/platform/run';
import { bulkSender } from './bulk-sender.ts';
import type { ShipperConfig } from './config.ts';
import { LogFiles } from './log-files.ts';
import { keepPositions } from './keep-positions.ts';
import { prepareIndices } from './prepare-indices.ts';
import { ShipLoop } from './ship-loop.ts';

const REQUEST_TIMEOUT_MS = 30_000;

/** Starts to ship; resolves at once, whether or not Elasticsearch answers. */
export async function openShipper(config: ShipperConfig, log: Logger): Promise<Resource> {
  const client = new Client({ node: config.ELASTICSEARCH_URL.reveal(), maxRetries: 0, requestTimeout: REQUEST_TIMEOUT_MS });
  const positions = await keepPositions(join(config.SHIPPER_STATE_DIR, 'positions.json'));
  const loop = new ShipLoop({
    files: new LogFiles({ folder: config.SHIPPER_LOGS_DIR, services: config.SHIPPER_SERVICES, positions }),
    positions,
    prepare: () => prepareIndices(client, log),
    send: bulkSender(client, config.SHIPPER_NAMESPACE),
    deadLetters: new BoundedLog(join(config.SHIPPER_STATE_DIR, 'dead-letters.ndjson')),
    linesMax: config.SHIPPER_BULK_MAX_LINES,
    log,
  });
  loop.start();
  return {
    stop: async () => {
      await loop.stop();
      await client.close();
    },
  };
}
