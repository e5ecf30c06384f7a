/**
 * Radius of brush and eraser, mm; the one home of its first value and its limits. They are small: a
 * cochlea is 9 mm wide, its turns 2 mm. The tools are made with it, the toolbar's field shows what
 * the tools have, and the extension's commands keep to the tools' limits.
 */
export const BRUSH_RADIUS = { first: 1, min: 0.5, max: 3, step: 0.5 } as const;

/** A key of the host (`ohif.hotkeyBindings`); the reader can change it in the host's preferences. */
interface HotKey {
  commandName: string;
  commandOptions?: Record<string, unknown>;
  context?: string;
  label?: string;
  keys?: string[] | string;
  isEditable?: boolean;
}

/** By the command of the host that each replaces: its step is 3 mm. */
const BRUSH_KEYS: Record<string, number> = {
  increaseBrushSize: BRUSH_RADIUS.step,
  decreaseBrushSize: -BRUSH_RADIUS.step,
};

/** The host's keys with `[` and `]` changing the radius by our step. */
export function withBrushKeys(hotKeys: readonly HotKey[]): HotKey[] {
  return hotKeys.map((hotKey) => {
    const by = BRUSH_KEYS[hotKey.commandName];
    if (by === undefined) return hotKey;
    return {
      ...hotKey,
      commandName: 'changeHydropsBrushRadius',
      commandOptions: { by },
      context: 'INNER_EAR_HYDROPS',
    };
  });
}

/** The part of the host's customization service that holds the keys. */
export interface HotKeyService {
  getCustomization(id: string): unknown;
  setCustomizations(customizations: Record<string, unknown>, scope: 'mode'): void;
}

/** Binds the keys for the stay in this mode; the host reads them once `onModeEnter` has returned. */
export function bindBrushKeys(service: HotKeyService | undefined): void {
  const id = 'ohif.hotkeyBindings';
  const hotKeys = service?.getCustomization(id);
  if (Array.isArray(hotKeys)) {
    service?.setCustomizations({ [id]: withBrushKeys(hotKeys as HotKey[]) }, 'mode');
  }
}
