import { existsSync } from 'node:fs';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Headless, and silent on the network: the browser is to speak to this machine only. */
export const CHROMIUM_ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * A Chromium of this machine, by CHROME_PATH or in the usual places.
 * @returns undefined, with a loud line, where there is none
 * @throws where there is none in CI, which must not skip in silence
 */
export function findChromium(): string | undefined {
  const found = [process.env['CHROME_PATH'] ?? '', ...PLACES].find(
    (path) => path !== '' && existsSync(path),
  );
  if (found) return found;
  const message = 'No Chromium found: install chromium, or set CHROME_PATH';
  if (process.env['CI'] === 'true') throw new Error(message);
  console.warn(`\n*** BROWSER TESTS SKIPPED *** ${message}\n`);
  return undefined;
}
