import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

export const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** A host name that leads here, as a hospital's own does. */
export const HOSPITAL = 'viewer.hospital.test';

export function hasBrowser(): boolean {
  return existsSync(CHROMIUM);
}

const SOFTWARE = [
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  // The page itself is put together without WebGL, which is dear in software; that of the page stays.
  '--disable-gpu-compositing',
];
/** Vulkan needs no display. */
const GRAPHICS_CARD = [
  '--use-gl=angle',
  '--use-angle=vulkan',
  '--enable-features=Vulkan',
  '--disable-vulkan-surface',
  '--ignore-gpu-blocklist',
];

/**
 * Headless Chromium, by default with software WebGL: a machine without a graphics card renders the same.
 *
 * @param gpu WebGL by the machine's graphics card; for the benchmarks.
 */
export function launchBrowser({ gpu = false } = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--headless=new',
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // A page of this name is none of this machine's own to the browser: without TLS it lacks what needs TLS.
      `--host-resolver-rules=MAP ${HOSPITAL} 127.0.0.1`,
      ...(gpu ? GRAPHICS_CARD : SOFTWARE),
      // Containers give /dev/shm little room for a viewer's volumes.
      '--disable-dev-shm-usage',
    ],
  });
}
