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

  const site = window.config;
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
      extensions: added(settings, 'extensions', EXTENSION, plugin),
      // The mode is made of the extension's panel and viewport, and breaks without them.
      modes: added(settings, 'modes', MODE, plugin && ofMode),
    });
  }

  // Parts of the viewer read single settings before it calls the function; other scripts may still set some.
  window.config = new Proxy(config, {
    get: (target, name) => (site && name in site ? site[name] : Reflect.get(target, name)),
    set: (target, name, value) => Reflect.set(site || target, name, value),
  });

  /** The site's list and our plugin; its bare address, where that stands there too, would be loaded without this care. */
  function added(settings, list, path, plugin) {
    const address = new URL(path, base).href;
    const others = ((settings && settings[list]) || []).filter(
      (one) => one !== plugin && (typeof one !== 'string' || new URL(one, base).href !== address)
    );
    return plugin ? others.concat(plugin) : others;
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

  function tell(failures) {
    const words =
      'Inner Ear Hydrops is not available (' +
      failures.join('; ') +
      '). Everything else works as usual.';
    console.warn(words);
    const notice = document.createElement('div');
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
