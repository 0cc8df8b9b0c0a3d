import { join } from 'node:path';
import { REPOSITORY } from './config.ts';

/** Where `local/setup/fetch-elasticsearch.mjs` puts the distribution of the version in `local/elasticsearch-pom.xml`. */
export const ELASTICSEARCH_FOLDER = join(REPOSITORY, '.local', 'elasticsearch-8.19.21');
