/** Stops what `start-servers.mjs` has started; the second call finds nothing to do. */
export default async function stopTestServers() {
  const servers = await globalThis.testServers;
  globalThis.testServers = undefined;
  await servers?.stop();
}
