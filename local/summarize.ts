import type { PlatformAddresses } from './start-platform.ts';

/** A running platform, and how one gets in. */
export interface StartSummary extends PlatformAddresses {
  /** The link that makes the first account; undefined where there is one. */
  readonly setUp: string | undefined;
  /** There is no demo sign-in then. */
  readonly isProduction: boolean;
  readonly readyAfterMs: number;
  /** Payments a second; undefined without traffic. */
  readonly trafficRate: number | undefined;
}

/** What a script needs to know, as one line of JSON. `login` and `setUp` are null where they do not hold. */
export function summarizeForScripts(summary: StartSummary): string {
  const { api, apiKey, console, brokers, databaseUrl, redisUrl, metrics, prometheus, alertmanager } = summary;
  const login = summary.isProduction ? null : summary.login;
  const setUp = summary.setUp ?? null;
  const addresses = { api, apiKey, console, login, brokers, databaseUrl, redisUrl, metrics, prometheus, alertmanager, setUp };
  return `${JSON.stringify(addresses)}\n`;
}

/** What a person wants to know, with a first request to try. */
export function summarizeForPeople(summary: StartSummary): string {
  const { api, apiKey, console, prometheus, alertmanager, readyAfterMs, trafficRate } = summary;
  const traffic = trafficRate === undefined ? 'none (--no-traffic)' : `${trafficRate} payments a second`;
  const watchers = [
    ...(prometheus === undefined ? [] : [`  Metrics   ${prometheus}\n`]),
    ...(alertmanager === undefined ? [] : [`  Alerts    ${alertmanager}\n`]),
  ];
  return `
  Ready after ${(readyAfterMs / 1000).toFixed(1)} s.

  Console   ${console}
  Sign in   ${waysIn(summary).join('\n            ')}
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

function waysIn({ setUp, isProduction, login }: StartSummary): string[] {
  const account =
    setUp === undefined
      ? 'with your account (npm run accounts -- --help)'
      : `${setUp}\n            makes your admin account: valid once, for an hour`;
  return [account, isProduction ? 'no demo: it is refused where NODE_ENV is production' : `demo: ${login}`];
}
