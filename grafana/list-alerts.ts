import type { Alert } from './alert.ts';
import { ledgerAlerts } from './alerts/ledger-alerts.ts';
import { pipelineAlerts } from './alerts/pipeline-alerts.ts';
import { riskAlerts } from './alerts/risk-alerts.ts';
import { serviceAlerts } from './alerts/service-alerts.ts';
import { sloAlerts } from './alerts/slo-alerts.ts';

/** Every rule that may tell somebody. */
export const alerts: readonly Alert[] = [...sloAlerts, ...riskAlerts, ...pipelineAlerts, ...ledgerAlerts, ...serviceAlerts];
