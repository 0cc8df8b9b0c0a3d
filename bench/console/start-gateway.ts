import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { nowMs, pause } from '@trancendos/platform/clock';
import { packageRoot } from '@trancendos/platform/package-root';

export interface GatewayPlan {
  readonly port: number;
  readonly metricsPort: number;
  readonly kafkaBrokers: string;
  readonly redisUrl: string;
  /** Of accounts and the audit log; gateways of one run share it. */
  readonly databaseUrl: string;
}

const READY_WITHIN_MS = 60_000;
/** No service is asked on anybody's behalf here; the gateway only has to have one. */
const CALLER_SECRET = randomBytes(32).toString('base64');

/** The realtime service as a process of its own, which can be killed and started again on the same port. */
export class GatewayProcess {
  readonly url: string;
  readonly #plan: GatewayPlan;
  #process: ChildProcess | undefined;

  constructor(plan: GatewayPlan) {
    this.#plan = plan;
    this.url = `http://127.0.0.1:${plan.port}`;
  }

  /** Starts it and resolves when it takes consoles. Throws when it does not within a minute. */
  async start(): Promise<void> {
    const { port, metricsPort, kafkaBrokers, redisUrl, databaseUrl } = this.#plan;
    const main = join(packageRoot(import.meta.dirname), '..', 'realtime', 'dist', 'main.js');
    this.#process = spawn(process.execPath, [main], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        KAFKA_BROKERS: kafkaBrokers,
        REDIS_URL: redisUrl,
        DATABASE_URL: databaseUrl,
        CALLER_KEYS: `bench:${CALLER_SECRET}`,
        REALTIME_PORT: String(port),
        REALTIME_METRICS_PORT: String(metricsPort),
        CONSOLE_LOGIN_TOKEN: 'a-token-for-measurements',
        CONSOLE_DEMO_SESSION: 'true',
        LOG_LEVEL: 'warn',
      },
    });
    const startedMs = nowMs();
    while (nowMs() - startedMs < READY_WITHIN_MS) {
      const answer = await fetch(`http://127.0.0.1:${metricsPort}/ready`).catch(() => undefined);
      if (answer?.ok) return;
      await pause(50);
    }
    throw new Error(`the gateway on port ${port} does not become ready`);
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const ended = this.#process;
    if (!ended || ended.exitCode !== null) return;
    const exit = once(ended, 'exit');
    ended.kill(signal);
    await exit;
  }

  /** The cookie of a demo session. */
  async openSession(): Promise<string> {
    const page = await fetch(this.url, { headers: { accept: 'text/html' } });
    return page.headers.get('set-cookie')?.split(';')[0] ?? '';
  }
}
