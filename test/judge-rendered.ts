/** A Kubernetes object as kustomize has rendered it. */
export interface RenderedObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly template?: { readonly metadata?: object; readonly spec: RenderedPod };
    readonly scaleTargetRef?: { readonly kind?: string; readonly name: string };
  };
}

interface RenderedPod {
  readonly serviceAccountName?: string;
  readonly priorityClassName?: string;
  readonly containers: readonly {
    readonly name: string;
    readonly image: string;
    readonly securityContext?: object;
    readonly env?: readonly {
      readonly name: string;
      readonly valueFrom?: { readonly configMapKeyRef?: { readonly name: string; readonly key: string } };
    }[];
  }[];
  readonly volumes?: readonly { readonly name: string; readonly secret?: { readonly secretName: string } }[];
}

/** Secrets that are made outside of the manifests: by k8s/create-secrets.sh, and by the operator of PostgreSQL or by hand. */
const SECRETS_MADE_ELSEWHERE = new Set(['ingest', 'console', 'database-app', 'backups', 'grafana']);

/** What rendered objects say of others that are not there, and images without a version; empty when all is well. */
export function judgeRendered(objects: readonly RenderedObject[]): string[] {
  const has = (kind: string, name: string) => objects.some((object) => object.kind === kind && object.metadata.name === name);
  const configMaps = new Map(objects.filter(({ kind }) => kind === 'ConfigMap').map(({ metadata, data }) => [metadata.name, data ?? {}]));
  const faults: string[] = [];
  const expect = (holds: boolean, fault: string) => void (holds || faults.push(fault));
  for (const { kind, metadata, spec } of objects) {
    const name = `${kind} ${metadata.name}`;
    if (spec?.scaleTargetRef) expect(has('Deployment', spec.scaleTargetRef.name), `${name} scales what is not there`);
    const pod = kind === 'Deployment' || kind === 'Job' ? spec?.template?.spec : undefined;
    if (!pod) continue;
    expect(has('ServiceAccount', pod.serviceAccountName ?? ''), `${name} runs under an account that is not there`);
    if (pod.priorityClassName) expect(has('PriorityClass', pod.priorityClassName), `${name} has a priority that is not there`);
    for (const { secret } of pod.volumes ?? [])
      if (secret) expect(SECRETS_MADE_ELSEWHERE.has(secret.secretName), `${name} mounts secret ${secret.secretName}, which nothing makes`);
    for (const { image, env = [] } of pod.containers) {
      expect(/:(?!latest$)[\w.-]+$|@sha256:[0-9a-f]{64}$/.test(image), `${name} runs ${image}, which has no version`);
      for (const { name: variable, valueFrom } of env) {
        const reference = valueFrom?.configMapKeyRef;
        if (reference)
          expect(configMaps.get(reference.name)?.[reference.key] !== undefined, `${name} reads ${variable} from where it is not`);
      }
    }
  }
  return faults;
}

/** The pods that workloads would make. An API server only warns of a workload whose pods it would refuse, and refuses the pods themselves. */
export function barePodsOf(objects: readonly RenderedObject[]): object[] {
  return objects.flatMap(({ kind, metadata, spec }) => {
    const template = spec?.template;
    if (!template || !['Deployment', 'Job', 'StatefulSet'].includes(kind)) return [];
    const { priorityClassName: _cluster, ...pod } = template.spec;
    const name = `${kind}-${metadata.name}`.toLowerCase();
    return [{ apiVersion: 'v1', kind: 'Pod', metadata: { ...template.metadata, name, namespace: metadata.namespace }, spec: pod }];
  });
}
