import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { loadNativeBackend } from './load-native-backend.ts';

/**
 * `wasm`: WebAssembly with SIMD, one thread, everywhere. `native`: TensorFlow's C library, where it is built. `fastest`: native where it is
 * built.
 */
export type BackendChoice = 'wasm' | 'native' | 'fastest';

/** A backend that was asked for and is not there; the message says how to get it. */
export class BackendMissing extends Error {
  override readonly name = 'BackendMissing';
}

/** Makes a backend the current one and returns its name. Each gives the same bits on every run of its own. Throws `BackendMissing`. */
export async function useBackend(choice: BackendChoice = 'wasm'): Promise<'wasm' | 'native'> {
  tf.enableProdMode();
  const native = choice === 'wasm' ? false : loadNativeBackend();
  if (choice === 'native' && !native) throw new BackendMissing('the native backend is not built: npm run tfjs:native');
  await tf.setBackend(native ? 'tensorflow' : 'wasm');
  await tf.ready();
  return native ? 'native' : 'wasm';
}

/** The backend that models are checked on when they are loaded. */
export function useWasmBackend(): Promise<string> {
  return useBackend('wasm');
}
