/** Asks a service in this container whether it can take work: `check-health.mjs PORT` exits with 0 when `/ready` says so on its metrics port. */
const answer = await fetch(`http://127.0.0.1:${process.argv[2]}/ready`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
process.exit(answer?.ok ? 0 : 1);
