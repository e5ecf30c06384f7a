export { CHROMIUM, hasBrowser, launchBrowser } from '../../tools/src/bench/browser';
