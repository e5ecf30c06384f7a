import { fromViewer, shippedModel, workerUrl } from './addresses';

const MODEL = 'models/inner-ear-unet/manifest.json';
const viewer = 'https://hospital.example/ohif/';

it.each<[string, string, string]>([
  [
    'below the viewer, as documented',
    'https://hospital.example/plugins/extension/inner-ear-hydrops.js',
    'https://hospital.example/',
  ],
  [
    'below a viewer under a sub-path',
    'https://hospital.example/ohif/plugins/extension/inner-ear-hydrops.js',
    'https://hospital.example/ohif/',
  ],
  [
    'on another server',
    'https://files.example:8443/ear/plugins/extension/inner-ear-hydrops.js',
    'https://files.example:8443/ear/',
  ],
  [
    'in a folder of its version',
    'https://hospital.example/plugins/@inner-ear-hydrops/extension/0.1.0/index.umd.js?v=2',
    'https://hospital.example/',
  ],
  [
    'with all of its version in one folder',
    'https://hospital.example/hydrops/0.1.0/plugins/extension/inner-ear-hydrops.js',
    'https://hospital.example/hydrops/0.1.0/',
  ],
  [
    'in folders of other names',
    'https://hospital.example/ohif/addons/ear/inner-ear-hydrops.js',
    'https://hospital.example/ohif/',
  ],
])('the shipped model is found for plugins %s', (_, bundle, folder) => {
  expect(shippedModel({ bundle, viewer })).toBe(folder + MODEL);
  expect(workerUrl({ bundle, viewer })).toBe(new URL('worker.js', bundle).href);
});

it('a source build that has put the extension into its own bundle serves both from the viewer', () => {
  expect(shippedModel({ bundle: '', viewer })).toBe(viewer + MODEL);
  expect(workerUrl({ bundle: '', viewer })).toBe(`${viewer}worker.js`);
});

it.each([
  ['models/site/manifest.json', 'https://hospital.example/ohif/models/site/manifest.json'],
  ['/models/site/manifest.json', 'https://hospital.example/models/site/manifest.json'],
  ['https://models.example/manifest.json', 'https://models.example/manifest.json'],
  ['//models.example/manifest.json', 'https://models.example/manifest.json'],
  ['models/a.json#sha256=12', 'https://hospital.example/ohif/models/a.json#sha256=12'],
])('modelUrl %s is %s, whichever study the page shows', (url, address) => {
  const bundle = 'https://files.example/plugins/extension/inner-ear-hydrops.js';
  expect(fromViewer(url, { bundle, viewer })).toBe(address);
});
