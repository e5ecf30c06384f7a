/*
 * Inner Ear Hydrops: adds the extension and its mode to a prebuilt OHIF viewer (3.12, 3.13) in such a way
 * that the viewer works whatever happens to their files.
 *
 * Append this file to the viewer's app-config.js:
 *
 *     cat install.js >> app-config.js
 *
 * or load it in index.html by a <script> of its own, after app-config.js. It leaves all that
 * app-config.js sets as it is. A file that is missing, broken, of another version, or not answered in time is
 * left out; the browser's console and a notice that can be closed say which one and why.
 */
// A keyword first: a site's own text may end without a semicolon.
void (function () {
  'use strict';

  // Where the site serves `extension/dist` and `mode/dist`, from the viewer's own address on.
  const EXTENSION = 'plugins/extension/inner-ear-hydrops.js';
  const MODE = 'plugins/mode/mode.js';
  /** Milliseconds after which a file that was not delivered is given up. */
  const PATIENCE = 10000;

  let site = window.config;
  const base = new URL(window.PUBLIC_URL || '/', window.location.href);
  // Asked for at once, while the viewer itself is still loading.
  const extension = load(EXTENSION, '@inner-ear-hydrops/extension', 'getPanelModule');
  const mode = load(MODE, '@inner-ear-hydrops/mode', 'modeFactory');

  /** The viewer calls this where it finds a function in the place of its configuration. */
  async function config() {
    const settings = typeof site === 'function' ? await site.apply(this, arguments) : site;
    const loaded = [await extension, await mode];
    const failures = loaded.flatMap((one) => (one.failure ? [one.failure] : []));
    if (failures.length > 0) tell(failures);
    const [{ plugin }, { plugin: ofMode }] = loaded;
    return Object.assign({}, settings, {
      extensions: added(settings, 'extensions', EXTENSION, plugin, safeExtension),
      // The mode is made of the extension's panel and viewport, and breaks without them.
      modes: added(settings, 'modes', MODE, plugin && ofMode, safeMode),
    });
  }

  /*
   * Parts of the viewer read single settings before it calls the function; other scripts may still read, set, copy or
   * replace them. So the function looks like the settings, and stays where a script puts other settings in its place.
   */
  const fields = () => site || config;
  const stand = new Proxy(config, {
    get: (target, name) => Reflect.get(name in fields() ? fields() : target, name),
    set: (target, name, value) => Reflect.set(fields(), name, value),
    has: (target, name) => name in fields(),
    deleteProperty: (target, name) => Reflect.deleteProperty(fields(), name),
    defineProperty: (target, name, descriptor) =>
      Reflect.defineProperty(fields(), name, Object.assign({}, descriptor, { configurable: true })),
    ownKeys: () => Reflect.ownKeys(fields()),
    getOwnPropertyDescriptor: (target, name) => {
      const descriptor = Reflect.getOwnPropertyDescriptor(fields(), name);
      // What the function itself lacks may only be described as something that can change.
      return descriptor && Object.assign(descriptor, { configurable: true });
    },
  });
  Object.defineProperty(window, 'config', {
    configurable: true,
    enumerable: true,
    get: () => stand,
    set: (value) => {
      if (value === stand) return;
      if (value && typeof value === 'object') {
        site = value;
        return;
      }
      // A function calls this one where it wants to.
      Object.defineProperty(window, 'config', {
        configurable: true,
        enumerable: true,
        writable: true,
        value,
      });
    },
  });

  /** The site's list and our plugin; its bare address, where that stands there too, would be loaded without this care. */
  function added(settings, list, path, plugin, safe) {
    const address = new URL(path, base).href;
    const others = ((settings && settings[list]) || []).filter(
      (one) => one !== plugin && (typeof one !== 'string' || new URL(one, base).href !== address)
    );
    return plugin ? others.concat(safe(plugin)) : others;
  }

  /**
   * A copy of an object of ours whose functions never throw: what one of them throws or rejects with, or returns
   * against `expects`, is handed to `failed`, and `instead` is returned.
   */
  function guarded(object, failed, { expects = () => true, instead = () => undefined } = {}) {
    const copy = Object.assign({}, object);
    for (const name of Object.keys(copy).filter((one) => typeof copy[one] === 'function')) {
      const fail = (error) => {
        failed(name, error);
        return instead(name);
      };
      copy[name] = function () {
        try {
          const given = object[name].apply(object, arguments);
          if (given && typeof given.then === 'function') return given.then(undefined, fail);
          if (expects(name, given)) return given;
          throw new Error('it returns something unusable');
        } catch (error) {
          return fail(error);
        }
      };
    }
    return copy;
  }

  /** Whether the extension could not be registered whole; the host registers it before it makes the modes. */
  let halfRegistered = false;

  function safeExtension(plugin) {
    const isModule = (name) => /^get\w+Module$/.test(name);
    const safe = guarded(
      plugin,
      (name, error) => {
        if (isModule(name) || name === 'preRegistration') halfRegistered = true;
        failedIn(EXTENSION, name, error);
      },
      {
        expects: (name, given) =>
          !isModule(name) || name === 'getCommandsModule' || Array.isArray(given),
      }
    );
    for (const name of Object.keys(safe).filter(isModule)) {
      const register = safe[name];
      // Half an extension is of no use: the rest of it would be registered without what it needs.
      safe[name] = (...context) => (halfRegistered ? undefined : register(...context));
    }
    return safe;
  }

  function safeMode(plugin) {
    const failed = (name, error) => failedIn(MODE, name, error);
    const safe = guarded(plugin, failed);
    /** The host leaves out a mode for which it gets nothing. */
    safe.modeFactory = async (...context) => {
      if (halfRegistered) return undefined;
      try {
        const made = await plugin.modeFactory(...context);
        if (!made || typeof made.isValidMode !== 'function' || !Array.isArray(made.routes)) {
          throw new Error('it makes no mode');
        }
        // For a study of which that cannot be told the work list shows no button.
        const unknown = { valid: null, description: '' };
        const own = guarded(made, failed, {
          expects: (name, given) => name !== 'isValidMode' || Boolean(given),
          instead: (name) => (name === 'isValidMode' ? unknown : undefined),
        });
        own.routes = made.routes.map((route) => guarded(route, failed));
        return own;
      } catch (error) {
        failed('modeFactory', error);
        return undefined;
      }
    };
    return safe;
  }

  function failedIn(path, name, error) {
    console.error('Inner Ear Hydrops: ' + name + ' of ' + path, error);
    tell([path + ': ' + name + ' fails (' + ((error && error.message) || error) + ')']);
  }

  /** Never rejects: the plugin, or why there is none. */
  async function load(path, id, member) {
    const address = new URL(path, base).href;
    let timer;
    try {
      const silence = new Promise((_, reject) => {
        const words = 'the server has not delivered it within ' + PATIENCE / 1000 + ' seconds';
        timer = setTimeout(() => reject(new Error(words)), PATIENCE);
      });
      const plugin = (await Promise.race([import(address), silence])).default;
      if (!plugin || plugin.id !== id || typeof plugin[member] !== 'function') {
        throw new Error('it is not ' + id);
      }
      if (plugin.contract !== 1) {
        throw new Error(
          'its version does not match install.js; clear caches and copy all files again'
        );
      }
      return { plugin };
    } catch (error) {
      console.warn('Inner Ear Hydrops: ' + address + ' is left out.', error);
      return { failure: path + ': ' + (await reason(address, error)) };
    } finally {
      clearTimeout(timer);
    }
  }

  /** Browsers do not say why they refused a module, so the file is asked for once more. */
  async function reason(address, error) {
    if (error instanceof SyntaxError) return 'it is not valid JavaScript (' + error.message + ')';
    if (!(error instanceof TypeError)) return error.message;
    try {
      const answer = await fetch(address, {
        cache: 'no-store',
        signal: AbortSignal.timeout(PATIENCE),
      });
      const type = answer.headers.get('content-type') || 'nothing';
      if (!answer.ok) return 'the server answers ' + answer.status;
      if (/html/i.test(type)) return 'the server answers with a web page; there is no such file';
      if (!/javascript|ecmascript/i.test(type)) {
        return (
          'the server sends it as ' +
          type +
          ', which browsers do not run; it must be text/javascript'
        );
      }
      return error.message;
    } catch {
      return 'the server cannot be reached';
    }
  }

  /** All that was told, in one notice: the work list asks a mode anew for each row. */
  const told = new Set();
  let shown = null;

  function tell(failures) {
    const fresh = failures.filter((one) => !told.has(one));
    if (fresh.length === 0) return;
    fresh.forEach((one) => told.add(one));
    const words =
      'Inner Ear Hydrops is not available (' +
      Array.from(told).join('; ') +
      '). Everything else works as usual.';
    console.warn(words);
    if (shown) shown.remove();
    const notice = document.createElement('div');
    shown = notice;
    notice.setAttribute('role', 'status');
    notice.style.cssText =
      'position:fixed;left:12px;bottom:12px;z-index:10000;max-width:min(640px,90vw);padding:8px 12px;' +
      'border-left:4px solid #ffd479;border-radius:4px;background:#1c2340;color:#eef2fa;font:13px/1.4 sans-serif;overflow-wrap:anywhere';
    notice.textContent = words;
    const close = document.createElement('button');
    close.type = 'button';
    close.textContent = 'Close';
    close.style.cssText =
      'margin-left:12px;padding:2px 8px;border:1px solid #8fa3d9;border-radius:4px;background:none;color:inherit;font:inherit;cursor:pointer';
    close.addEventListener('click', () => notice.remove());
    notice.append(close);
    document.body.append(notice);
  }
})();
