interface Mode {
  id?: unknown;
}

/**
 * Puts a mode behind all others in the host's work list. The host lists a site's modes before its own and opens the
 * first one that suits a study on a double click (3.13), or shows its button first (3.12): a mode that suits every
 * MR study would take the place of the site's usual one.
 *
 * The host keeps the made modes in one array, which it assigns to `appConfig.modes` once the last one is made and
 * before anything is drawn; there is no hook of its own at that moment. A host that assigns none keeps its order.
 */
export function keepModeLast(appConfig: Record<string, unknown>, id: string): void {
  let modes = appConfig['modes'];
  Object.defineProperty(appConfig, 'modes', {
    configurable: true,
    enumerable: true,
    get: () => modes,
    set: (made: unknown) => {
      modes = made;
      if (!Array.isArray(made)) return;
      const at = made.findIndex((mode: Mode | null) => mode?.id === id);
      if (at >= 0) made.push(...(made.splice(at, 1) as unknown[]));
    },
  });
}
