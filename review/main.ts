import { loadConfig } from '@trancendos/platform/config';
import { run } from '@trancendos/platform/run';
import { serveHealth } from '@trancendos/platform/serve-health';
import { ReviewConfig } from './config.ts';
import { openReview } from './open-review.ts';

/** The archive: every decision that counted, what it turned out to be, and what both sum up to. */
await run('review', async (scope) => {
  const config = loadConfig(ReviewConfig);
  const { ready } = await openReview(config, scope);
  await scope.open(serveHealth({ service: 'review', host: config.LISTEN_HOST, port: config.REVIEW_METRICS_PORT, ready }));
});
