import { existsSync } from 'node:fs';

const CANDIDATES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map((name) => `/usr/bin/${name}`);

/** Where the machine's own Chromium or Chrome is; undefined where there is none. */
export function findBrowser(): string | undefined {
  return CANDIDATES.find((path) => existsSync(path));
}
