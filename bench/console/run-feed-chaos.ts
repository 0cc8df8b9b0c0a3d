import { nowMs, pause } from '@trancendos/platform/clock';
import { connectEventLog, ensureTopics } from '@trancendos/platform/event-log';
import { openLog } from '@trancendos/platform/log';
import { newId } from '@trancendos/platform/new-id';
import { openPublisher } from '@trancendos/platform/publish';
import { ChaosClient } from './chaos-client.ts';
import { publishOutcomes } from './publish-outcomes.ts';
import { GatewayProcess } from './start-gateway.ts';

export interface ChaosOptions {
  readonly kafkaBrokers: string;
  readonly redisUrl: string;
  readonly databaseUrl: string;
  /** Two for each gateway: consoles and metrics. */
  readonly ports: readonly [number, number, number, number];
  readonly clients: number;
  readonly perSecond: number;
  readonly seconds: number;
  /** A gateway is killed as often; the two take turns. */
  readonly killEveryMs: number;
  /** A client loses its connection, or goes to the other gateway, as often. */
  readonly breakEveryMs: number;
}

/** What became of the clients. All counts but the first four should be 0. */
export interface ChaosFigures {
  readonly published: number;
  readonly kills: number;
  readonly breaks: number;
  readonly connections: number;
  /** Rows that had to be seen (declines) and did not arrive, arrived twice, or came in another order, over all clients. */
  readonly lost: number;
  readonly duplicated: number;
  readonly disordered: number;
  /** Gaps that clients declared. */
  readonly gaps: number;
  /** Rows that did not fit the filter of the client that got them. */
  readonly foreign: number;
  /** What happened to each client that missed something. */
  readonly stories: readonly string[];
}

const SETTLES_WITHIN_MS = 30_000;

/**
 * Two gateways on one log, killed in turns, with clients that lose connections and change between them. Half of the clients follow every
 * outcome of this run, sampled where they are many; half only the declines, of which each must come once, in order.
 */
export async function runFeedChaos(options: ChaosOptions): Promise<ChaosFigures> {
  const { kafkaBrokers, redisUrl, databaseUrl, ports } = options;
  const brokers = {
    brokers: kafkaBrokers.split(','),
    service: 'feed-chaos',
    log: openLog('feed-chaos', { LOG_LEVEL: 'warn', LOG_FORMAT: 'json' }),
  };
  await ensureTopics({ ...brokers, partitions: 1 });
  const eventLog = await connectEventLog(brokers);
  const publisher = openPublisher({ eventLog, queueMax: 100_000, deadlineMs: 60_000 });
  const gateways = [
    new GatewayProcess({ port: ports[0], metricsPort: ports[1], kafkaBrokers, redisUrl, databaseUrl }),
    new GatewayProcess({ port: ports[2], metricsPort: ports[3], kafkaBrokers, redisUrl, databaseUrl }),
  ] as const;
  const mark = newId('tx').toLowerCase();
  const clients = Array.from(
    { length: options.clients },
    (_, index) => new ChaosClient(`transaction:${mark}${index % 2 === 0 ? '' : ' action:decline'}`),
  );
  try {
    await Promise.all(gateways.map((gateway) => gateway.start()));
    const cookie = await gateways[0].openSession();
    for (const [index, client] of clients.entries()) client.connect(gateways[index % 2 === 0 ? 0 : 1].url, cookie);
    await until(() => clients.every(({ isFollowing }) => isFollowing));
    const chaos = startChaos(options, gateways, { clients, cookie });
    const published = await publishOutcomes(publisher, { mark, first: 1, perSecond: options.perSecond, seconds: options.seconds });
    const { kills, breaks } = await chaos.stop();
    const declines = Math.floor(published / 20);
    await until(() => clients.every((client) => declinesOf(client).size >= declines)).catch(() => undefined);
    return { published, kills, breaks, ...judge(clients, declines) };
  } finally {
    for (const client of clients) client.disconnect();
    await Promise.all(gateways.map((gateway) => gateway.kill()));
    await publisher.stop();
    await eventLog.stop();
  }
}

function startChaos(
  { killEveryMs, breakEveryMs }: ChaosOptions,
  gateways: readonly [GatewayProcess, GatewayProcess],
  { clients, cookie }: { clients: readonly ChaosClient[]; cookie: string },
) {
  let [kills, breaks, stopped] = [0, 0, false];
  const killing = (async () => {
    for (let waitedMs = 0; ; waitedMs = 0) {
      for (; waitedMs < killEveryMs && !stopped; waitedMs += 50) await pause(50);
      if (stopped) return;
      const gateway = gateways[kills % 2 === 0 ? 0 : 1];
      await gateway.kill();
      kills++;
      await gateway.start();
    }
  })();
  const breaking = setInterval(() => {
    const client = clients[(breaks * 7) % clients.length];
    if (breaks % 3 === 0) client?.connect(gateways[breaks % 2 === 0 ? 0 : 1].url, cookie);
    else client?.breakConnection();
    breaks++;
  }, breakEveryMs);
  return {
    stop: async () => {
      stopped = true;
      clearInterval(breaking);
      await killing;
      return { kills, breaks };
    },
  };
}

function judge(clients: readonly ChaosClient[], declines: number) {
  let [lost, duplicated, disordered, foreign, gaps, connections] = [0, 0, 0, 0, 0, 0];
  const stories: string[] = [];
  for (const [index, client] of clients.entries()) {
    const seen = client.items.map(({ transaction_id: id }) => id);
    const order = client.items.filter(({ action }) => action === 'decline').map(({ ledger_seq: seq }) => seq);
    const missed = declines - declinesOf(client).size;
    if (missed > 0) stories.push(`client ${index} missed ${missed}\n${client.story.join('\n')}`);
    lost += missed;
    duplicated += seen.length - new Set(seen).size;
    disordered += order.filter((seq, at) => at > 0 && seq < (order[at - 1] ?? 0)).length;
    foreign += index % 2 === 0 ? 0 : client.items.filter(({ action }) => action !== 'decline').length;
    gaps += client.gaps;
    connections += client.connections;
  }
  return { connections, lost, duplicated, disordered, gaps, foreign, stories };
}

function declinesOf({ items }: ChaosClient): ReadonlySet<string> {
  return new Set(items.filter(({ action }) => action === 'decline').map(({ transaction_id: id }) => id));
}

async function until(holds: () => boolean): Promise<void> {
  const startedMs = nowMs();
  while (!holds()) {
    if (nowMs() - startedMs > SETTLES_WITHIN_MS) throw new Error('the clients do not settle');
    await pause(50);
  }
}
