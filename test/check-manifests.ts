import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { barePodsOf, judgeRendered, type RenderedObject } from './judge-rendered.ts';
import { repositoryRoot } from './read-sources.ts';

const K8S_VERSION = 'v1.36.3';
/** Where the definitions of the operators' kinds are: a Go module and the files in it. */
const DEFINITIONS = [
  ['github.com/kedacore/keda/v2@v2.21.0', /^config\/crd\/bases\/keda\.sh_.*\.yaml$/],
  [
    'github.com/prometheus-operator/prometheus-operator@v0.85.0',
    /^example\/prometheus-operator-crd\/.*_(servicemonitors|prometheusrules)\.yaml$/,
  ],
  ['github.com/elastic/cloud-on-k8s/v3@v3.5.0', /^config\/crds\/v1\/resources\/(elasticsearch|kibana)\..*\.yaml$/],
  ['github.com/cloudnative-pg/cloudnative-pg@v1.27.1', /^config\/crd\/bases\/postgresql\.cnpg\.io_(clusters|scheduledbackups)\.yaml$/],
  ['github.com/cloudnative-pg/plugin-barman-cloud@v0.15.0', /^config\/crd\/bases\/.*\.yaml$/],
] as const;
/** Strimzi's definitions are in no module of a registry; its kinds are held against the repository's own facts only. */
const WITHOUT_DEFINITION = ['Kafka', 'KafkaNodePool', 'KafkaTopic'];
const OVERLAYS = readdirSync(join(repositoryRoot, 'k8s', 'overlays')).sort();
const WORK = join(repositoryRoot, '.local', 'manifests');

interface Finding {
  readonly check: string;
  readonly fault?: string | undefined;
}

const withServer = process.argv.includes('--server');
const findings: Finding[] = [];
rmSync(WORK, { recursive: true, force: true });
mkdirSync(WORK, { recursive: true });
try {
  await checkManifests();
} catch (error) {
  findings.push({ check: 'the check itself', fault: outputOf(error) });
}
for (const { check, fault } of findings)
  process.stdout.write(`${fault === undefined ? 'ok    ' : 'FAILED'}  ${check}\n${fault ? `${fault}\n` : ''}`);
const failed = findings.filter(({ fault }) => fault !== undefined).length;
process.stdout.write(`${findings.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && findings.length > 0 ? 0 : 1;

async function checkManifests(): Promise<void> {
  const definitions = await findDefinitions();
  const schemas = join(WORK, 'schemas');
  const kubernetes = await tool('module', `k8s.io/kubernetes@${K8S_VERSION}`);
  const written = await run(process.execPath, [
    join(repositoryRoot, 'k8s', 'write-schemas.mjs'),
    schemas,
    join(kubernetes, 'api', 'openapi-spec', 'swagger.json'),
    ...definitions,
  ]);
  findings.push({ check: `${written.trim()} of Kubernetes ${K8S_VERSION} and ${DEFINITIONS.length} operators` });
  const [kustomize, kubeconform] = [await tool('kustomize'), await tool('kubeconform')];
  for (const overlay of OVERLAYS) {
    const file = join(WORK, `${overlay}.yaml`);
    const rendered = await run(kustomize, ['build', join(repositoryRoot, 'k8s', 'overlays', overlay)]);
    writeFileSync(file, rendered);
    const objects = parseAllDocuments(rendered).map((document) => document.toJS() as RenderedObject);
    const location = join(schemas, '{{.ResourceKind}}{{.KindSuffix}}.json');
    await tell(`${overlay}: ${objects.length} objects fit their schemas`, () =>
      run(kubeconform, ['-strict', '-summary', '-skip', WITHOUT_DEFINITION.join(), '-schema-location', location, file]),
    );
    const faults = judgeRendered(objects);
    findings.push({
      check: `${overlay}: what objects say of each other is there`,
      fault: faults.length > 0 ? faults.join('\n') : undefined,
    });
  }
  if (withServer) await askServer(definitions);
}

/** A dry run against a real API server, in namespaces that enforce the restricted profile. */
async function askServer(definitions: readonly string[]): Promise<void> {
  const kubectl = (...args: string[]) => run(join(repositoryRoot, 'k8s', 'api-server.sh'), ['kubectl', ...args]);
  const dryRun = ['apply', '--dry-run=server', '--validate=strict', '--warnings-as-errors', '-f'];
  await run(join(repositoryRoot, 'k8s', 'api-server.sh'), ['start']);
  try {
    for (const file of definitions) await kubectl('apply', '--server-side', '-f', file);
    await kubectl('wait', '--for=condition=Established', '--timeout=30s', 'crd', '--all');
    for (const overlay of OVERLAYS) {
      const all = parseAllDocuments(await run('cat', [join(WORK, `${overlay}.yaml`)])).map((document) => document.toJS() as RenderedObject);
      const known = all.filter(({ kind }) => !WITHOUT_DEFINITION.includes(kind));
      const file = (name: string, objects: readonly object[]) => {
        // As JSON: kubectl reads YAML 1.1, in which a bare `off` is no text.
        const path = join(WORK, `${overlay}-${name}.json`);
        writeFileSync(path, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
        return path;
      };
      await kubectl(
        'apply',
        '-f',
        file(
          'namespaces',
          known.filter(({ kind }) => kind === 'Namespace' || kind === 'PriorityClass'),
        ),
      );
      await tell(`${overlay}: the API server takes ${known.length} objects`, () => kubectl(...dryRun, file('known', known)));
      const pods = barePodsOf(known);
      await tell(`${overlay}: the pods of ${pods.length} workloads pass the restricted profile`, () =>
        kubectl(...dryRun, file('pods', pods)),
      );
    }
    const root = join(WORK, 'root-pod.json');
    const [pod] = barePodsOf([unrestrictedDeployment()]);
    writeFileSync(root, JSON.stringify(pod));
    const refused = await kubectl(...dryRun, root).then(
      () => 'a pod that runs as root was taken: the profile is not enforced here',
      () => undefined,
    );
    findings.push({ check: 'a pod that runs as root is refused', fault: refused });
  } finally {
    await run(join(repositoryRoot, 'k8s', 'api-server.sh'), ['stop']);
  }
}

function unrestrictedDeployment(): RenderedObject {
  return {
    kind: 'Deployment',
    metadata: { name: 'root', namespace: 'trancendos' },
    spec: { template: { metadata: {}, spec: { containers: [{ name: 'root', image: 'root:1', securityContext: { runAsUser: 0 } }] } } },
  };
}

async function findDefinitions(): Promise<string[]> {
  const found: string[] = [];
  for (const [module, matching] of DEFINITIONS) {
    const folder = await tool('module', module);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => matching.test(file));
    if (files.length === 0) throw new Error(`${module} has no definitions where they were`);
    found.push(...files.map((file) => join(folder, file)));
  }
  return found;
}

async function tool(...args: string[]): Promise<string> {
  return (await run(join(repositoryRoot, 'k8s', 'tools.sh'), args)).trim();
}

async function run(command: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, { cwd: repositoryRoot, maxBuffer: 2 ** 26 });
  return stdout;
}

async function tell(check: string, act: () => Promise<unknown>): Promise<void> {
  findings.push({ check, fault: await act().then(() => undefined, outputOf) });
}

function outputOf(error: unknown): string {
  const { stdout = '', stderr = '', message } = error as { stdout?: string; stderr?: string; message: string };
  return `${stdout}${stderr}`.trim() || message;
}
