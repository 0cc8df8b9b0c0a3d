import { beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { environmentFaults, readFacts, SERVICES, type ServiceFacts } from './read-facts.ts';
import { readSources } from './read-sources.ts';

interface ComposeService {
  readonly image: string;
  readonly build?: { readonly target: string };
  readonly ports?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly healthcheck?: { readonly disable?: boolean };
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly deploy?: { readonly resources: { readonly limits: { readonly cpus: string; readonly memory: string } } };
}

const textOf = (file: RegExp) => readSources(file)[0]?.text ?? '';
const dockerfile = textOf(/^docker\/Dockerfile$/);
const compose = parse(textOf(/^docker\/compose\.yaml$/), { merge: true }) as {
  services: Record<string, ComposeService>;
  secrets: Record<string, unknown>;
};
const services = Object.entries(compose.services);
const built = services.filter(([, { build }]) => build !== undefined);
let facts: readonly ServiceFacts[] = [];
beforeAll(async () => {
  facts = await Promise.all(SERVICES.map(readFacts));
});

/** The instructions of a target, up to the next stage. */
const stageOf = (target: string) => new RegExp(`^FROM \\S+ AS ${target}\\n([\\s\\S]*?)(?=^FROM |$(?![\\s\\S]))`, 'm').exec(dockerfile)?.[1];

describe('the Dockerfile', () => {
  test('exposes the ports of each service and asks for its health on its metrics port', () => {
    for (const { name, port, metricsPort } of facts) {
      const stage = stageOf(name) ?? '';
      expect(stage).toContain(`EXPOSE ${port} ${metricsPort}\n`);
      expect(stage).toMatch(new RegExp(`HEALTHCHECK .*check-health\\.mjs", "${metricsPort}"\\]`));
      expect(stage).toContain(`CMD ["${name}/dist/main.js"]`);
    }
  });

  test('gives Node the flags that it has locally', () => {
    const [, entrypoint = '[]'] = /^ENTRYPOINT (.*)$/m.exec(stageOf('runtime') ?? '') ?? [];
    expect(JSON.parse(entrypoint)).toEqual([
      '/usr/local/bin/node',
      ...(JSON.parse(textOf(/^local\/node-flags\.json$/)) as { everywhere: string[] }).everywhere,
    ]);
  });

  test('runs everything as a user that is not root, and starts programs without a shell', () => {
    expect(stageOf('runtime')).toMatch(/^USER 10001:10001$/m);
    expect(dockerfile.match(/^(ENTRYPOINT|CMD) (?!\[)/m)).toBeNull();
    expect(dockerfile.match(/^USER (?!10001)/m)).toBeNull();
  });

  test('gets every workspace that the sources are compiled from', () => {
    const ignored = textOf(/^\.dockerignore$/)
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    const { workspaces } = JSON.parse(textOf(/^package\.json$/)) as { workspaces: string[] };
    expect(workspaces.filter((workspace) => ignored.includes(workspace.split('/')[0] ?? ''))).toEqual([]);
  });

  test('names its bases by version, and migrates every schema that there is', () => {
    expect([...dockerfile.matchAll(/^ARG \w+_IMAGE=(.*)$/gm)].map(([, base]) => base)).toEqual([
      expect.stringMatching(/^node:26\.\d+\.\d+-/),
      expect.stringMatching(/:nonroot$/),
    ]);
    const schemas = [...new Set(readSources(/^[a-z]+\/migrations\/.*\.sql$/).map(({ path }) => path.split('/')[0]))].sort();
    const migrated = [...(stageOf('migrate') ?? '').matchAll(/"([a-z]+)=\1\/migrations"/g)].map(([, schema]) => schema);
    expect(migrated.sort()).toEqual(schemas);
  });
});

describe('docker/compose.yaml', () => {
  test('gives each service what it reads, all of what it needs, and nothing else', () => {
    const faults = facts.flatMap((service) =>
      environmentFaults(service, Object.keys(compose.services[service.name]?.environment ?? {})).map(
        (fault) => `${service.name}: ${fault}`,
      ),
    );
    expect(faults).toEqual([]);
  });

  test('limits everything, pins every image, and opens ports to this machine only', () => {
    for (const [name, { image, ports = [], deploy }] of services) {
      expect(`${name} ${image}`).toMatch(/:(?!latest$)[\w.-]+$/);
      expect(Number(deploy?.resources.limits.cpus)).toBeGreaterThan(0);
      expect(deploy?.resources.limits.memory).toMatch(/^\d+[MG]$/);
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    }
  });

  test('asks everything that goes on running for its health', () => {
    const unasked = services.filter(
      ([name, { build, healthcheck }]) => !healthcheck && !(build && facts.some((fact) => fact.name === name)),
    );
    expect(unasked.map(([name]) => name)).toEqual([]);
    expect(services.filter(([, { healthcheck }]) => healthcheck?.disable).map(([name]) => name)).toEqual(['migrate', 'traffic']);
  });

  test('takes from our own containers what they do not need', () => {
    expect(built.length).toBeGreaterThan(facts.length);
    for (const [, service] of built) {
      expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
      expect(stageOf(service.build?.target ?? '')).toBeDefined();
      for (const secret of service.secrets ?? []) expect(Object.keys(compose.secrets)).toContain(secret);
    }
  });
});
