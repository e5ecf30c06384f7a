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

  const EXTENSION_ID = '@inner-ear-hydrops/extension';
  const MODE_ID = '@inner-ear-hydrops/mode';
  /** By which a copy of this file finds an earlier one. */
  const MARK = Symbol.for('inner-ear-hydrops.install');

  const base = new URL(window.PUBLIC_URL || '/', window.location.href);
  // Asked for at once, while the viewer itself is still loading.
  const extension = load(EXTENSION, EXTENSION_ID, 'getPanelModule');
  const mode = load(MODE, MODE_ID, 'modeFactory');

  /** What the viewer gets in the places of `extensions` and `modes`, once it asks. */
  let asked = null;
  const plugins = () => (asked = asked || take());
  async function take() {
    const loaded = [await extension, await mode];
    const failures = loaded.flatMap((one) => (one.failure ? [one.failure] : []));
    if (failures.length > 0) tell(failures);
    const [{ plugin }, { plugin: ofMode }] = loaded;
    return {
      // The viewer stops at an extension that is nothing; one without any module adds nothing.
      extensions: plugin ? safeExtension(plugin) : { id: EXTENSION_ID + '-left-out' },
      // The mode is made of the extension's panel and viewport, and breaks without them.
      modes: plugin && ofMode ? safeMode(ofMode) : undefined,
    };
  }

  /**
   * Stands in a list of the configuration for a plugin that may still be loading: the viewer waits for each entry of
   * these lists. It is an object like any other, so that the configuration can be copied in every way; a copy of
   * it is known by `innerEarHydrops`.
   */
  class Place {
    constructor(list) {
      this.innerEarHydrops = list;
    }
    then(resolve, reject) {
      return plugins()
        .then((all) => all[this.innerEarHydrops])
        .then(resolve, reject);
    }
  }
  const LISTS = {
    extensions: { path: EXTENSION, id: EXTENSION_ID },
    modes: { path: MODE, id: MODE_ID },
  };
  const places = { extensions: new Place('extensions'), modes: new Place('modes') };

  /** The site's list and our plugin, whose bare address would be loaded without this care; copies of ours are replaced. */
  function added(list, given) {
    const { path, id } = LISTS[list];
    const address = new URL(path, base).href;
    const isOurs = (one) => {
      if (typeof one === 'string') return new URL(one, base).href === address;
      return Boolean(one) && (one.innerEarHydrops === list || one.id === id);
    };
    const others = typeof given === 'string' ? [given] : Array.from(given || []);
    return others.filter((one) => !isOurs(one)).concat(places[list]);
  }

  /** The settings of a site, with our plugins in their lists whatever is done to these. */
  function withPlugins(settings) {
    const lists = Object.keys(LISTS).map((list) => Object.getOwnPropertyDescriptor(settings, list));
    const isOpen = Object.isExtensible(settings) && lists.every((one) => !one || one.configurable);
    const usable = isOpen ? settings : Object.assign({}, settings);
    for (const list of Object.keys(LISTS)) {
      let value = added(list, usable[list]);
      Object.defineProperty(usable, list, {
        configurable: true,
        enumerable: true,
        get: () => value,
        set: (given) => {
          value = added(list, given);
        },
      });
    }
    return usable;
  }

  /** A function in the place of the settings, which the viewer calls: what it returns gets our plugins. */
  function calling(site) {
    return new Proxy(site, {
      apply: async (target, self, args) => {
        const settings = Object.assign({}, await Reflect.apply(target, self, args));
        for (const list of Object.keys(LISTS)) settings[list] = added(list, settings[list]);
        return settings;
      },
    });
  }

  const made = new WeakSet();
  /** Whatever a script sets, now or later; what is no configuration at all counts as none. */
  function standing(given) {
    if (made.has(given)) return given;
    const isObject = typeof given === 'object' && given !== null;
    const stands =
      typeof given === 'function' ? calling(given) : withPlugins(isObject ? given : {});
    made.add(stands);
    return stands;
  }

  const before = Object.getOwnPropertyDescriptor(window, 'config');
  if (before && before.get && before.get[MARK]) {
    before.get[MARK]();
    console.warn(
      'Inner Ear Hydrops: install.js stands twice in this page; the last copy is used. Remove the older one from app-config.js.'
    );
  }
  let site = window.config;
  let config = standing(site);
  const get = () => config;
  /** For a newer copy of this file: the configuration without what this one has added. */
  get[MARK] = () => {
    for (const list of typeof config === 'function' ? [] : Object.keys(LISTS)) {
      const value = config[list].filter((one) => one !== places[list]);
      Object.defineProperty(config, list, {
        configurable: true,
        enumerable: true,
        writable: true,
        value,
      });
    }
    const value = typeof config === 'function' ? site : config;
    Object.defineProperty(window, 'config', {
      configurable: true,
      enumerable: true,
      writable: true,
      value,
    });
  };
  Object.defineProperty(window, 'config', {
    configurable: true,
    enumerable: true,
    get,
    set: (value) => {
      if (value === config) return;
      site = value;
      config = standing(value);
    },
  });

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
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const answer = await fetch(address, {
        cache: 'no-store',
        signal: stop.signal,
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
      return (
        'the server cannot be reached' +
        (new URL(address).origin === window.location.origin
          ? ''
          : ', or does not allow this page to read the file (CORS)')
      );
    } finally {
      clearTimeout(timer);
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
