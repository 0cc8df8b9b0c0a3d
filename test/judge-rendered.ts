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
const SECRETS_MADE_ELSEWHERE = new Set(['ingest', 'console', 'callers', 'database-app', 'backups', 'grafana']);

/** What rendered objects say of others that are not there, and images without a version; empty when all is well. */
export function judgeRendered(objects: readonly RenderedObject[]): string[] {
  return objects.flatMap((object) => {
    const name = `${object.kind} ${object.metadata.name}`;
    const pod = isWorkload(object) ? object.spec?.template?.spec : undefined;
    const missing = [...namesIn(object, pod)].filter(([kind, wanted]) => !isThere(objects, kind, wanted));
    return [
      ...missing.map(([kind, wanted]) => `${name} names ${kind} ${wanted}, which is not there`),
      ...(pod?.containers ?? []).flatMap((container) => judgeContainer(objects, container).map((fault) => `${name} ${fault}`)),
    ];
  });
}

const isWorkload = ({ kind }: RenderedObject) => kind === 'Deployment' || kind === 'Job';

function isThere(objects: readonly RenderedObject[], kind: string, name: string): boolean {
  if (kind === 'Secret' && SECRETS_MADE_ELSEWHERE.has(name)) return true;
  return objects.some((object) => object.kind === kind && object.metadata.name === name);
}

/** What an object names, as pairs of kind and name. */
function* namesIn({ spec }: RenderedObject, pod: RenderedPod | undefined): Generator<[string, string]> {
  if (spec?.scaleTargetRef) yield ['Deployment', spec.scaleTargetRef.name];
  if (!pod) return;
  yield ['ServiceAccount', pod.serviceAccountName ?? 'default'];
  if (pod.priorityClassName) yield ['PriorityClass', pod.priorityClassName];
  for (const { secret } of pod.volumes ?? []) if (secret) yield ['Secret', secret.secretName];
}

function judgeContainer(objects: readonly RenderedObject[], { image, env = [] }: RenderedPod['containers'][number]): string[] {
  const isVersioned = /:(?!latest$)[\w.-]+$|@sha256:[0-9a-f]{64}$/.test(image);
  const unread = env.filter(({ valueFrom }) => {
    const reference = valueFrom?.configMapKeyRef;
    const map = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === reference?.name);
    return reference !== undefined && map?.data?.[reference.key] === undefined;
  });
  return [
    ...(isVersioned ? [] : [`runs ${image}, which has no version`]),
    ...unread.map(({ name }) => `reads ${name} from a ConfigMap that does not have it`),
  ];
}

/** The pods that workloads would make. An API server only warns of a workload whose pods it would refuse, and refuses the pods themselves. */
export function barePodsOf(objects: readonly RenderedObject[]): object[] {
  return objects.flatMap(({ kind, metadata, spec }) => {
    const template = spec?.template;
    if (!template || !['Deployment', 'Job', 'StatefulSet'].includes(kind)) return [];
    const name = `${kind}-${metadata.name}`.toLowerCase();
    return [
      { apiVersion: 'v1', kind: 'Pod', metadata: { ...template.metadata, name, namespace: metadata.namespace }, spec: template.spec },
    ];
  });
}
