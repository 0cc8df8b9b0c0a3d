import { loadConfig } from '@trancendos/platform/config';
import type { Resource } from '@trancendos/platform/run';
import { z } from 'zod';
import { ELASTICSEARCH_FOLDER } from './elasticsearch-folder.ts';
import { planElasticsearch } from './plan-elasticsearch.ts';
import { planShipper } from './plan-shipper.ts';
import { probeElasticsearch } from './probe-servers.ts';
import { StartError } from './start-error.ts';
import { Supervised, type Supervision } from './supervise.ts';
import { tellError } from './tell-error.ts';

export interface LogSearchOptions {
  /** An Elasticsearch that runs already; without it one is started. */
  readonly given?: string | undefined;
  /** Of the Elasticsearch that is started. */
  readonly port: number;
  readonly metricsPort: number;
}

/** Elasticsearch and the shipper that fills it. */
export interface LogSearch extends Resource {
  readonly elasticsearchUrl: string;
  readonly shipperMetricsPort: number;
  /** Stops Elasticsearch, to see what happens without it. Throws where it was given. */
  readonly stopElasticsearch: () => Promise<void>;
  readonly startElasticsearch: () => Promise<void>;
}

const JavaConfig = z.object({ JAVA_HOME: z.string().optional() });

/**
 * Starts the search for logs, in the directory of a run whose services write to `logs/`. Throws `StartError` when it cannot be brought up.
 * Once it runs its death stops nothing else: it is told, and the logs wait in their files.
 */
export async function startLogSearch(around: Supervision, { given, port, metricsPort }: LogSearchOptions): Promise<LogSearch> {
  const directory = around.directory.path;
  const watching = { ...around, onGiveUp: (error: StartError) => around.report(`${error.message}\nlogs are kept in files only`) };
  const elasticsearch = given === undefined ? new Supervised(planHere(directory, port, around.report), watching) : undefined;
  const elasticsearchUrl = given ?? `http://127.0.0.1:${port}`;
  const shipper = new Supervised(planShipper({ directory, elasticsearchUrl, metricsPort }), watching);
  const ours = () => {
    if (!elasticsearch) throw new Error('elasticsearch was given, so it is not ours to stop or start');
    return elasticsearch;
  };
  const stop = async () => {
    await shipper.stop();
    await elasticsearch?.stop();
  };
  try {
    if (elasticsearch) await elasticsearch.start();
    else await checkGiven(elasticsearchUrl);
    await shipper.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    elasticsearchUrl,
    shipperMetricsPort: metricsPort,
    stop,
    stopElasticsearch: () => ours().stop(),
    startElasticsearch: () => ours().start(),
  };
}

function planHere(directory: string, port: number, report: (line: string) => void) {
  const { JAVA_HOME: javaHome } = loadConfig(JavaConfig);
  return planElasticsearch({ directory, distribution: ELASTICSEARCH_FOLDER, port, javaHome, report });
}

async function checkGiven(url: string): Promise<void> {
  try {
    await probeElasticsearch(url);
  } catch (error) {
    throw new StartError(`the server of ELASTICSEARCH_URL does not answer: ${tellError(error)}`);
  }
}
