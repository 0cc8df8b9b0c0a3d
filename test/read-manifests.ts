import { parseAllDocuments } from 'yaml';
import { readSources } from './read-sources.ts';

/** A Kubernetes object as it is written; `path` says where. */
export interface Manifest {
  readonly path: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec: ManifestSpec;
  readonly data?: Readonly<Record<string, string>>;
}

interface ManifestSpec {
  readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> } & Readonly<Record<string, unknown>>;
  readonly template?: { readonly metadata: { readonly labels: Readonly<Record<string, string>> }; readonly spec: PodSpec };
  readonly ports?: readonly { readonly name: string; readonly port: number }[];
  readonly scaleTargetRef?: { readonly name: string };
  readonly maxReplicaCount?: number;
  readonly triggers?: readonly { readonly metadata: Readonly<Record<string, string>> }[];
  readonly podSelector?: { readonly matchLabels?: Readonly<Record<string, string>> };
  readonly policyTypes?: readonly string[];
  readonly ingress?: readonly { readonly from?: readonly Peer[]; readonly ports?: readonly { readonly port: number }[] }[];
  readonly egress?: readonly { readonly to?: readonly Peer[]; readonly ports?: readonly { readonly port: number }[] }[];
  readonly partitions?: number;
  readonly config?: Readonly<Record<string, string | number>>;
}

export interface Peer {
  readonly podSelector?: {
    readonly matchLabels?: Readonly<Record<string, string>>;
    readonly matchExpressions?: readonly { readonly values: readonly string[] }[];
  };
  readonly namespaceSelector?: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly ipBlock?: { readonly cidr: string };
}

export interface PodSpec {
  readonly automountServiceAccountToken?: boolean;
  readonly terminationGracePeriodSeconds?: number;
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly containers: readonly Container[];
  readonly volumes?: readonly { readonly name: string; readonly secret?: { readonly secretName: string } }[];
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly configMapKeyRef?: { readonly key: string }; readonly secretKeyRef?: unknown };
  }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly securityContext?: unknown;
  readonly resources?: { readonly requests?: object; readonly limits?: object };
  readonly livenessProbe?: { readonly httpGet?: { readonly path: string; readonly port: string } };
  readonly readinessProbe?: { readonly httpGet?: { readonly path: string; readonly port: string } };
  readonly lifecycle?: { readonly preStop: { readonly sleep: { readonly seconds: number } } };
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}

/** Every object in YAML files whose path matches. Throws where a file is not YAML. */
export function readManifests(matching: RegExp): Manifest[] {
  return readSources(matching).flatMap(({ path, text }) =>
    parseAllDocuments(text).map((document) => {
      if (document.errors.length > 0) throw new Error(`${path}: ${String(document.errors[0])}`);
      return { path, ...(document.toJS() as Omit<Manifest, 'path'>) };
    }),
  );
}
