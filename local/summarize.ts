import type { PlatformAddresses } from './start-platform.ts';

/** What a script needs to know, as one line of JSON. */
export function summarizeForScripts({
  api,
  apiKey,
  console,
  login,
  brokers,
  databaseUrl,
  redisUrl,
  metrics,
  prometheus,
  alertmanager,
}: PlatformAddresses): string {
  return `${JSON.stringify({ api, apiKey, console, login, brokers, databaseUrl, redisUrl, metrics, prometheus, alertmanager })}\n`;
}

/** What a person wants to know, with a first request to try. */
export function summarizeForPeople(
  { api, apiKey, console, prometheus, alertmanager }: PlatformAddresses,
  readyAfterMs: number,
  trafficRate: number | undefined,
): string {
  const traffic = trafficRate === undefined ? 'none (--no-traffic)' : `${trafficRate} payments a second`;
  const watchers = [
    ...(prometheus === undefined ? [] : [`  Metrics   ${prometheus}\n`]),
    ...(alertmanager === undefined ? [] : [`  Alerts    ${alertmanager}\n`]),
  ];
  return `
  Ready after ${(readyAfterMs / 1000).toFixed(1)} s.

  Console   ${console}
  API       ${api}
  API key   ${apiKey}
  Traffic   ${traffic}
${watchers.join('')}
  Try it:
    curl -s ${api}/v1/transactions \\
      -H 'authorization: Bearer ${apiKey}' -H 'content-type: application/json' -H "idempotency-key: order-$(date +%s)" \\
      -d '{"transaction_id":"order-'$(date +%s)'","occurred_at":"'$(date -u +%FT%T.000Z)'","amount_minor":1249,"currency":"EUR","payer":{"account_id":"ACC-90042"},"terminal_id":"T-00017"}'

  Ctrl-C stops everything; the next start goes on with the same data.

`;
}
