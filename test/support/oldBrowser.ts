import type { BrowserContext } from 'playwright-core';

/** What the oldest browsers that docs/install.md promises do not have: Chrome 103, Firefox 115, Safari 16.4. */
const NEWER = [
  ...['AbortSignal.any', 'AbortSignal.timeout', 'Array.fromAsync', 'Object.groupBy'],
  ...['Map.groupBy', 'Promise.withResolvers', 'Promise.try', 'URL.canParse', 'URL.parse'],
  ...['Array.prototype.findLast', 'Array.prototype.findLastIndex', 'Array.prototype.toSorted'],
  ...['Array.prototype.toReversed', 'Array.prototype.toSpliced', 'Array.prototype.with'],
  ...['String.prototype.isWellFormed', 'String.prototype.toWellFormed', 'Set.prototype.union'],
  ...['Set.prototype.intersection', 'Set.prototype.difference', 'Set.prototype.isSubsetOf'],
  ...['Iterator', 'ArrayBuffer.prototype.transfer', 'Intl.DurationFormat', 'RegExp.escape'],
  ...['Uint8Array.fromBase64', 'Uint8Array.prototype.toHex', 'Error.isError', 'CSS.highlights'],
  ...['navigator.userAgentData', 'scheduler', 'OffscreenCanvas'],
];

/** A script that takes them away, for a page or a worker. */
export const AS_OLD_BROWSER = `for (const path of ${JSON.stringify(NEWER)}) {
  const names = path.split('.');
  const last = names.pop();
  const holder = names.reduce((from, name) => from?.[name], globalThis);
  if (holder) delete holder[last];
}
`;

/** Pages of this context find nothing newer. Workers run `AS_OLD_BROWSER` before their own script. */
export async function asOldBrowser(context: BrowserContext): Promise<void> {
  await context.addInitScript(AS_OLD_BROWSER);
}
