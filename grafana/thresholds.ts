/**
 * From where on something is wrong: the one place for it. Alerts compare with these numbers, and the panels of the dashboards draw them.
 * Units are in the names; ratios are 0 to 1, jumps are multiples of the same hour a week ago.
 */
export const thresholds = {
  /** How many times faster than allowed the error budget is spent (Google's SRE workbook, chapter 5). */
  burnFast: 14.4,
  burnSlow: 6,
  burnSteady: 1,

  jump: 1.5,
  /** A jump of fewer payments, or frauds, in the hour is chance. */
  jumpPaymentsMin: 500,
  jumpFraudsMin: 20,
  /** A share below this is small however much it has grown. */
  jumpRatioMin: 0.02,
  driftPsi: 0.25,
  parityRatio: 1,
  fallbackRatio: 0.01,
  championsMin: 1,
  labelsPerDayMin: 1,
  paymentsPer10MinutesMin: 1,
  controlRefusalsPer15Minutes: 0,

  lagSeconds: 30,
  deadLettersPer15Minutes: 0,
  consumeRetriesPer5Minutes: 0,
  outboxSeconds: 10,
  webhookCircuitsOpen: 0,
  webhooksOverdueSeconds: 600,

  /** Half of the day after which a hold falls to its policy unjudged. */
  reviewSeconds: 43_200,

  imbalanceMinor: 0,
  sequenceGaps: 0,
  staleHolds: 0,
  commitSecondsP99: 0.25,

  targetUp: 1,
  servicesAbsent: 0,
  eventLoopSecondsP99: 0.5,
  garbageCollectionRatio: 0.1,
  poolWaiting: 0,
  logLagSeconds: 300,
  logSecretsPer15Minutes: 0,
  notificationsFailedPer5Minutes: 0,
  ruleFailuresPer5Minutes: 0,
} as const;
