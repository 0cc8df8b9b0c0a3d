import { chromium, type Browser } from 'playwright-core';
import { findBrowser } from './find-browser.ts';

/** A headless Chromium of the machine's own. The flags keep it from calling out, and let it run as root in a container. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === undefined) throw new Error("there is no Chromium: install your system's chromium package");
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
