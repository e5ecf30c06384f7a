import { SAVE_ORDER, wholeParts, type SaveParts } from '../state/saveParts';

const REMEMBERED = 'inner-ear-hydrops.save-parts';

/** The reader's last choice in this browser, else the site's, else the built-in choice. */
export function rememberedParts(builtIn: SaveParts, ofSite: Partial<SaveParts>): SaveParts {
  const parts = { ...builtIn, ...ofSite };
  try {
    const stored = JSON.parse(localStorage.getItem(REMEMBERED) ?? '{}') as Partial<SaveParts>;
    for (const part of SAVE_ORDER) {
      if (typeof stored[part] === 'boolean') parts[part] = stored[part];
    }
  } catch {
    // Storage may be switched off; the choice then lasts as long as the page.
  }
  return wholeParts(parts);
}

export function rememberParts(parts: SaveParts): void {
  try {
    localStorage.setItem(REMEMBERED, JSON.stringify(parts));
  } catch {
    // As above.
  }
}
