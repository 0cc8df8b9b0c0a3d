import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

/**
 * Jest's environment for Node with an ordinary global object. Jest's own looks every global name up through a proxy, `Math` and `Infinity`
 * too, which makes numeric code several times slower than it is in the services. It also tells the tests the addresses of their worker's servers.
 */
export default class PlainEnvironment extends TestEnvironment {
  constructor(config, context) {
    const { createContext } = vm;
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(config, context);
    } finally {
      vm.createContext = createContext;
    }
    // What the native backend of TensorFlow hands out is made outside of the tests' realm, and its callers ask for `instanceof`.
    Object.assign(this.global, { Float32Array, Int32Array });
    const sets = JSON.parse(process.env.TEST_SERVER_SETS ?? '[]');
    Object.assign(this.global.process.env, sets[Number(process.env.JEST_WORKER_ID) - 1]);
  }
}
