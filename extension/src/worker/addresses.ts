// A classic script (UMD build) has no import.meta.url; it knows its address only while it loads.
const scriptUrl =
  typeof document !== 'undefined' && document.currentScript instanceof HTMLScriptElement
    ? document.currentScript.src
    : '';

/** Where the plugins and their model lie. */
export interface Places {
  /** Address of the extension's bundle; empty where a source build has put it into a bundle of its own. */
  bundle: string;
  /** The viewer's own address, below which its files lie; ends with a slash. */
  viewer: string;
}

/** Those of this page. */
export function places(): Places {
  const bundle = (import.meta.url as string | undefined) || scriptUrl;
  // Without a page, as in a unit test, the bundle stands for both.
  const page = typeof location === 'undefined' ? bundle : location.href;
  const { PUBLIC_URL } = globalThis as { PUBLIC_URL?: string };
  return { bundle, viewer: new URL(PUBLIC_URL || '/', page).href };
}

/** Address of worker.js, which lies beside the extension's bundle. */
export function workerUrl({ bundle, viewer }: Places = places()): string {
  return new URL('worker.js', bundle || viewer).href;
}

/**
 * Address of session.js, which lies beside the extension's bundle.
 * @param version a server pays no heed to it; a cache does, so that no earlier file is taken
 */
export function sessionUrl(version: string, { bundle, viewer }: Places = places()): string {
  return new URL(`session.js?${version}`, bundle || viewer).href;
}

const SHIPPED_MODEL = 'models/inner-ear-unet/manifest.json';

/**
 * The manifest of the shipped model: `models/` lies beside the folder `plugins/` in which the extension
 * lies, however deep; beside the folder of the extension's folder where none has that name.
 */
export function shippedModel({ bundle, viewer }: Places = places()): string {
  if (!bundle) return new URL(SHIPPED_MODEL, viewer).href;
  const { pathname } = new URL(bundle);
  const at = pathname.lastIndexOf('/plugins/');
  const path = at < 0 ? `../../${SHIPPED_MODEL}` : pathname.slice(0, at + 1) + SHIPPED_MODEL;
  return new URL(path, bundle).href;
}

/** Whether `fromViewer` can make an address of it. */
export function isAddress(url: string): boolean {
  try {
    new URL(url, 'https://viewer.example/');
    return true;
  } catch {
    return false;
  }
}

/**
 * An address of the site's settings in full, since a relative one has no base in the worker: from the
 * viewer's own address on, as the two of install.js; with a slash at its beginning from its server's root.
 */
export function fromViewer(url: string, { viewer }: Places = places()): string {
  return new URL(url, viewer).href;
}
