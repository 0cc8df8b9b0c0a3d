import { beforeAll, describe, expect, test } from '@jest/globals';
import { topics } from '@trancendos/contracts/topics';
import { environmentFaults, readFacts, SERVICES, type ServiceFacts } from './read-facts.ts';
import { readManifests, type Manifest, type Peer } from './read-manifests.ts';
import { readSources } from './read-sources.ts';

const manifests = readManifests(/^k8s\/(base|components)\/.*(?<!kustomization)\.yaml$/);
const overlays = readManifests(/^k8s\/overlays\/[\w-]+\/kustomization\.yaml$/) as unknown as {
  path: string;
  images: { name: string; newTag: string }[];
}[];
const ofKind = (kind: string) => manifests.filter((manifest) => manifest.kind === kind);
const find = (kind: string, name: string) => ofKind(kind).find(({ metadata }) => metadata.name === name);
const workloads = manifests.filter(({ kind }) => kind === 'Deployment' || kind === 'Job');
const podOf = (manifest: Manifest | undefined) => manifest?.spec.template?.spec;
const servers = find('ConfigMap', 'servers')?.data ?? {};
const NAME = 'app.kubernetes.io/name';
let facts: readonly ServiceFacts[] = [];
beforeAll(async () => {
  facts = await Promise.all(SERVICES.map(readFacts));
});

describe('a service in Kubernetes', () => {
  test('gets what it reads, all of what it needs, and nothing else', () => {
    const faults = facts.flatMap((service) => {
      const env = podOf(find('Deployment', service.name))?.containers[0]?.env ?? [];
      const unknownKeys = env
        .map(({ valueFrom }) => valueFrom?.configMapKeyRef?.key)
        .filter((key) => key !== undefined && servers[key] === undefined);
      return [
        ...environmentFaults(
          service,
          env.map(({ name }) => name),
        ),
        ...unknownKeys.map((key) => `${key} is not in servers`),
      ].map((fault) => `${service.name}: ${fault}`);
    });
    expect(faults).toEqual([]);
  });

  test('is reached and measured on the ports that its configuration says', () => {
    for (const { name, port, metricsPort } of facts) {
      const container = podOf(find('Deployment', name))?.containers[0];
      expect(container?.ports).toEqual([
        { name: 'http', containerPort: port },
        { name: 'metrics', containerPort: metricsPort },
      ]);
      expect(find('Service', name)?.spec.ports?.map((open) => open.port)).toEqual([port, metricsPort]);
      expect(container?.livenessProbe?.httpGet).toEqual({ path: '/live', port: 'metrics' });
      expect(container?.readinessProbe?.httpGet).toEqual({ path: '/ready', port: 'metrics' });
    }
  });

  test('gets its secrets as files from volumes that are mounted, and never by its environment', () => {
    for (const workload of workloads) {
      const pod = podOf(workload);
      for (const { env = [], volumeMounts = [] } of pod?.containers ?? []) {
        expect(env.filter(({ valueFrom }) => valueFrom?.secretKeyRef)).toEqual([]);
        const files = env.filter(({ name }) => name.endsWith('_FILE')).map(({ value }) => value ?? '');
        for (const file of files) expect(volumeMounts.map(({ mountPath }) => mountPath)).toContain(file.replace(/\/[^/]+$/, ''));
        for (const { name } of volumeMounts) expect(pod?.volumes?.map((volume) => volume.name)).toContain(name);
      }
    }
  });

  test('has time to finish what is in flight after the proxies have let go of it', () => {
    const run = readSources(/^platform\/run\.ts$/)[0]?.text ?? '';
    const stopSeconds = Number(/STOP_DEADLINE_MS = ([\d_]+)/.exec(run)?.[1]?.replaceAll('_', '')) / 1_000;
    for (const { name } of facts) {
      const pod = podOf(find('Deployment', name));
      const drainSeconds = pod?.containers[0]?.lifecycle?.preStop.sleep.seconds ?? Number.NaN;
      expect(pod?.terminationGracePeriodSeconds).toBeGreaterThan(drainSeconds + stopSeconds);
    }
  });
});

describe('every workload', () => {
  test('is restricted, limited, and without an account that could do anything', () => {
    for (const workload of workloads) {
      const pod = podOf(workload);
      expect(pod?.automountServiceAccountToken).toBe(false);
      expect(pod?.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } });
      for (const container of pod?.containers ?? []) {
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
        expect(Object.keys({ ...container.resources?.requests }).sort()).toEqual(['cpu', 'memory']);
        expect(Object.keys({ ...container.resources?.limits }).sort()).toEqual(['cpu', 'memory']);
      }
    }
  });

  test('is selected by the labels of its own pods, and so are budgets and scalers', () => {
    for (const { spec } of workloads.filter(({ kind }) => kind === 'Deployment'))
      expect(spec.template?.metadata.labels).toMatchObject(spec.selector?.matchLabels ?? { missing: 'selector' });
    for (const { name } of facts) expect(find('PodDisruptionBudget', name)?.spec.selector?.matchLabels).toEqual({ [NAME]: name });
    for (const { spec } of [...ofKind('HorizontalPodAutoscaler'), ...ofKind('ScaledObject')])
      expect(find('Deployment', spec.scaleTargetRef?.name ?? '')).toBeDefined();
  });

  test('comes from an image with a version', () => {
    const images = workloads.flatMap((workload) => podOf(workload)?.containers.map(({ image }) => image) ?? []);
    const ours = images.filter((image) => image.startsWith('trancendos/'));
    for (const image of images.filter((name) => !ours.includes(name))) expect(image).toMatch(/:(?!latest$)[\w.-]+$/);
    for (const { images: pinned } of overlays) {
      expect(pinned.map(({ name }) => name).sort()).toEqual([...ours].sort());
      for (const { newTag } of pinned) expect(newTag).toMatch(/^(?!latest$)[\w.-]+$/);
    }
  });
});

describe('the network', () => {
  /** Whom a service asks, by the addresses that it reads. */
  const asked = ({ variables }: ServiceFacts) => [
    ...(variables.has('KAFKA_BROKERS') ? ['kafka:9092'] : []),
    ...(variables.has('DATABASE_URL') ? ['database:5432'] : []),
    ...(variables.has('REDIS_URL') ? ['redis:6379'] : []),
    ...facts.filter(({ name }) => variables.has(`${name.toUpperCase()}_URL`)).map(({ name, port }) => `${name}:${port}`),
  ];
  const nameOf = ({ podSelector }: Peer) =>
    podSelector?.matchExpressions?.[0]?.values ?? Object.values(podSelector?.matchLabels ?? {}).slice(0, 1);

  test('is closed to everything in the namespace unless it is named', () => {
    expect(find('NetworkPolicy', 'deny-all')?.spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
  });

  test('lets each service out to whom it asks, and in from who asks it', () => {
    for (const service of facts) {
      const { egress = [], ingress = [] } = find('NetworkPolicy', service.name)?.spec ?? {};
      const out = egress.flatMap(({ to = [], ports = [] }) => to.flatMap(nameOf).map((name) => `${name}:${ports[0]?.port}`));
      expect(`${service.name} asks ${out.sort().join()}`).toBe(`${service.name} asks ${asked(service).sort().join()}`);
      for (const { ports = [] } of ingress) expect([service.port, service.metricsPort]).toContain(ports[0]?.port);
      const inside = ingress.flatMap(({ from = [], ports = [] }) => (ports[0]?.port === service.port ? from.flatMap(nameOf) : []));
      const askers = facts.filter(({ variables }) => variables.has(`${service.name.toUpperCase()}_URL`)).map(({ name }) => name);
      expect(`${service.name} answers ${inside.sort().join()}`).toBe(`${service.name} answers ${askers.sort().join()}`);
    }
  });

  test('lets services in to the servers that they read, and nobody else of ours', () => {
    for (const [policy, variable, others] of [
      ['kafka', 'KAFKA_BROKERS', []],
      ['database', 'DATABASE_URL', ['migrate']],
      ['redis', 'REDIS_URL', []],
    ] as const) {
      const inside = find('NetworkPolicy', policy)?.spec.ingress?.flatMap(({ from = [] }) =>
        from.flatMap(({ podSelector }) => podSelector?.matchExpressions?.[0]?.values ?? []),
      );
      const readers = facts.filter(({ variables }) => variables.has(variable)).map(({ name }) => name);
      expect([...(inside ?? [])].sort()).toEqual([...readers, ...others].sort());
    }
  });
});

describe('topics and scaling', () => {
  test('every topic of the table is there with its retention, and with as many partitions as are configured', () => {
    const written = ofKind('KafkaTopic').map(({ metadata, spec }) => ({
      name: metadata.name,
      partitions: String(spec.partitions),
      cleanup: spec.config?.['cleanup.policy'],
      retentionMs: spec.config?.['retention.ms'],
    }));
    const declared = Object.values(topics).map(({ name, cleanup, retentionMs }) => ({
      name,
      partitions: servers['KAFKA_TOPIC_PARTITIONS'],
      cleanup,
      retentionMs,
    }));
    expect(written).toEqual(declared);
  });

  test('there are no more scoring workers than partitions, and one writer of the ledger', () => {
    const scaler = find('ScaledObject', 'scoring');
    expect(String(scaler?.spec.maxReplicaCount)).toBe(servers['KAFKA_TOPIC_PARTITIONS']);
    expect(scaler?.spec.triggers?.[0]?.metadata).toMatchObject({ consumerGroup: 'scoring', topic: topics.transactions.name });
    expect(find('Deployment', 'ledger')?.spec).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
  });
});
