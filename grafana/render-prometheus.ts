/** How Prometheus finds targets: by a list, or by a file that holds one and is read again when it changes. */
export type Discovery =
  | { readonly static_configs: readonly { readonly targets: readonly string[]; readonly labels?: Readonly<Record<string, string>> }[] }
  | { readonly file_sd_configs: readonly { readonly files: readonly string[] }[] };

export interface PrometheusOptions {
  readonly scrapeIntervalSeconds: number;
  readonly ruleFiles: readonly string[];
  /** Where metrics of the services are. Each target has the label `service`. */
  readonly services: Discovery;
  readonly alertmanagers: Discovery;
  /** `host:port` at which Prometheus reaches itself. */
  readonly self: string;
}

/** The configuration of Prometheus. The services name themselves by the label `service`, which is kept. */
export function renderPrometheus({ scrapeIntervalSeconds, ruleFiles, services, alertmanagers, self }: PrometheusOptions): object {
  return {
    global: { scrape_interval: `${scrapeIntervalSeconds}s`, evaluation_interval: `${scrapeIntervalSeconds}s` },
    rule_files: ruleFiles,
    alerting: { alertmanagers: [alertmanagers] },
    scrape_configs: [
      { job_name: 'trancendos', honor_labels: true, ...services },
      { job_name: 'prometheus', static_configs: [{ targets: [self] }] },
      { job_name: 'alertmanager', ...alertmanagers },
    ],
  };
}
