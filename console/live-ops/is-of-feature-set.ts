/** Whether a decision's `versions.features` names this feature set; what follows a `+` there are the parameters of its beliefs. */
export function isOfFeatureSet(versionsFeatures: string, featureSet: string): boolean {
  return versionsFeatures.split('+')[0] === featureSet;
}
