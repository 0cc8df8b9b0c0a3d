import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';

/** The backend that models are trained and checked on: WebAssembly with SIMD, one thread, the same bits on every machine that has it. */
export async function useWasmBackend(): Promise<string> {
  tf.enableProdMode();
  await tf.setBackend('wasm');
  await tf.ready();
  return tf.getBackend();
}
