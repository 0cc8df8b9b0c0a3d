/**
 * Where alerts and dashboards send their reader. Whoever runs this elsewhere changes these lines and generates anew
 * (`npm run grafana:generate`).
 */
export const links = {
  /** In front of `/ledger-imbalance.md`. A path of the repository, or the address at which it is published. */
  runbooks: 'docs/runbooks',
  grafana: 'http://127.0.0.1:3000',
  console: 'http://127.0.0.1:8080',
} as const;
