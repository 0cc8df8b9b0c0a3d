import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { VersionRefused, type Manifest } from '@trancendos/models/describe-version';
import { hashBeliefs } from '@trancendos/models/features/feature-kernel';
import { loadVersion, type ModelVersion } from '@trancendos/models/load-version';

/** A version that may score here. */
export interface LoadedModel {
  /** Name and hash, as decisions state it: `luminous-2@1a2b3c`. */
  readonly label: string;
  readonly version: ModelVersion;
}

/** Why a version may not score. `needs_restart`: it fits, but reads a state that has to be folded anew with its belief parameters. */
export interface ModelRefusal {
  readonly code: 'version_refused' | 'version_needs_restart';
  readonly detail: string;
}

export type ModelLoading =
  { readonly ok: true; readonly model: LoadedModel } | { readonly ok: false; readonly refusal: ModelRefusal; readonly cause?: unknown };

/**
 * Loads the version `name` in `folder`, checks it, and sees that its belief parameters are those that the running feature state is
 * folded with (`beliefsHash`; null while there is no state yet). One that is missing, damaged, made for other features or not reproducing its
 * golden scores is refused with what is wrong.
 */
export async function loadModel(folder: string, name: string, beliefsHash: string | null): Promise<ModelLoading> {
  const path = join(folder, name);
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (!exists) return { ok: false, refusal: { code: 'version_refused', detail: `There is no version ${name}.` } };
  let version: ModelVersion;
  try {
    version = await loadVersion(path);
  } catch (error) {
    if (!(error instanceof VersionRefused)) throw error;
    return { ok: false, refusal: { code: 'version_refused', detail: `${name} is refused: ${error.message}.` }, cause: error };
  }
  if (beliefsHash !== null && !fitsState(version.manifest, beliefsHash)) {
    version.dispose();
    const detail =
      `${name} reads beliefs that are estimated with other parameters than those of the running feature state. ` +
      'Restart the workers one after the other: each folds its state anew with the parameters of the champion that is in force.';
    return { ok: false, refusal: { code: 'version_needs_restart', detail } };
  }
  return { ok: true, model: { label: `${version.manifest.name}@${version.hash.slice(0, 6)}`, version } };
}

/** A version without beliefs fits any state. */
function fitsState({ beliefs }: Manifest, beliefsHash: string): boolean {
  return beliefs === null || hashBeliefs(beliefs) === beliefsHash;
}
