import { createRequire } from 'node:module';
import util from 'node:util';

const require = createRequire(import.meta.url);
let loaded: boolean | undefined;

/**
 * Registers TensorFlow's C library as the backend `tensorflow`, where `npm run tfjs:native` has built it; false where it has not. The package
 * still calls two functions that Node has removed, and with oneDNN small models are several times slower a call.
 */
export function loadNativeBackend(): boolean {
  loaded ??= tryLoad();
  return loaded;
}

function tryLoad(): boolean {
  const legacy = util as unknown as Record<string, unknown>;
  legacy['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  legacy['isArray'] ??= Array.isArray;
  try {
    require('@tensorflow/tfjs-node');
    return true;
  } catch {
    return false;
  }
}
