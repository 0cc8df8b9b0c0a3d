import { assertPortsFree, findPort } from './find-port.ts';

export type ServiceName = 'ingest' | 'scoring' | 'ledger' | 'review' | 'realtime';
export type PortName =
  | 'kafka'
  | 'kafkaController'
  | 'postgres'
  | 'redis'
  | 'elasticsearch'
  | 'shipperMetrics'
  | 'prometheus'
  | 'alertmanager'
  | ServiceName
  | `${ServiceName}Metrics`;

/** Every port of a local run: what listens on it, and the variable that changes it. */
const PORTS: Readonly<Record<PortName, { purpose: string; variable: string }>> = {
  kafka: { purpose: 'Kafka', variable: 'LOCAL_KAFKA_PORT' },
  kafkaController: { purpose: "Kafka's controller", variable: 'LOCAL_KAFKA_CONTROLLER_PORT' },
  postgres: { purpose: 'PostgreSQL', variable: 'LOCAL_POSTGRES_PORT' },
  redis: { purpose: 'Redis', variable: 'LOCAL_REDIS_PORT' },
  elasticsearch: { purpose: 'Elasticsearch', variable: 'LOCAL_ELASTICSEARCH_PORT' },
  shipperMetrics: { purpose: 'the metrics of the shipper', variable: 'SHIPPER_METRICS_PORT' },
  prometheus: { purpose: 'Prometheus', variable: 'LOCAL_PROMETHEUS_PORT' },
  alertmanager: { purpose: 'Alertmanager', variable: 'LOCAL_ALERTMANAGER_PORT' },
  ingest: { purpose: 'the merchant API', variable: 'INGEST_PORT' },
  ingestMetrics: { purpose: 'the metrics of ingest', variable: 'INGEST_METRICS_PORT' },
  scoring: { purpose: 'scoring', variable: 'SCORING_PORT' },
  scoringMetrics: { purpose: 'the metrics of scoring', variable: 'SCORING_METRICS_PORT' },
  ledger: { purpose: 'the ledger', variable: 'LEDGER_PORT' },
  ledgerMetrics: { purpose: 'the metrics of the ledger', variable: 'LEDGER_METRICS_PORT' },
  review: { purpose: 'the archive', variable: 'REVIEW_PORT' },
  reviewMetrics: { purpose: 'the metrics of the archive', variable: 'REVIEW_METRICS_PORT' },
  realtime: { purpose: 'the console', variable: 'REALTIME_PORT' },
  realtimeMetrics: { purpose: 'the metrics of realtime', variable: 'REALTIME_METRICS_PORT' },
};

export type Ports<N extends PortName = PortName> = Readonly<Record<N, number>>;

/**
 * Settles the named ports before anything starts: one that is given has to be free, one that is missing or 0 gets a free one.
 * Throws `StartError` naming every port that is taken, with its variable.
 */
export async function settlePorts<N extends PortName>(names: readonly N[], given: Partial<Ports>): Promise<Ports<N>> {
  const wanted = names.map((name) => ({ ...PORTS[name], port: given[name] ?? 0 }));
  await assertPortsFree(wanted.filter(({ port }) => port !== 0));
  const settled: [N, number][] = [];
  for (const name of names) settled.push([name, given[name] || (await findPort())]);
  return Object.fromEntries(settled) as Record<N, number>;
}
