import { join } from 'node:path';
import { REPOSITORY } from './config.ts';
import { probeService } from './probe-servers.ts';
import type { ProcessPlan } from './supervise.ts';

export interface ShipperSurroundings {
  readonly directory: string;
  readonly elasticsearchUrl: string;
  readonly metricsPort: number;
}

/** The shipper, which follows the files that the supervision writes for each service. */
export function planShipper({ directory, elasticsearchUrl, metricsPort }: ShipperSurroundings): ProcessPlan {
  return {
    name: 'shipper',
    command: process.execPath,
    args: ['--enable-source-maps', join(REPOSITORY, 'shipper', 'dist', 'main.js')],
    environment: {
      NODE_OPTIONS: undefined,
      ELASTICSEARCH_URL: elasticsearchUrl,
      SHIPPER_LOGS_DIR: join(directory, 'logs'),
      SHIPPER_STATE_DIR: join(directory, 'shipper'),
      SHIPPER_METRICS_PORT: String(metricsPort),
      LOG_FORMAT: 'json',
    },
    channel: true,
    niceness: 10,
    probe: () => probeService(metricsPort),
    readyWithinMs: 30_000,
    stopSignal: 'SIGTERM',
    stopWithinMs: 25_000,
  };
}
