// The arrows of the repository: who may import whom, type imports included. `npm run lint` holds them (depcruise);
// test/unit/arrows.test.ts shows that it does.

/** What each folder of extension/src may import of its neighbours, from the bottom up. All may import id.ts and core. */
const EXTENSION = {
  state: [],
  worker: [],
  host: ['state'],
  overlay: ['host'],
  derived: ['host'],
  layout: ['derived', 'overlay', 'host'],
  study: ['worker', 'host', 'state'],
  result: ['study', 'worker', 'host', 'state'],
  saving: ['result', 'host', 'state'],
  crops: ['host', 'state'],
  panel: ['state'],
  // The thin entry: of its neighbours only what asks for files.
  entry: ['worker'],
};
/** Composition: these may import every folder, and none of them is imported from one. */
const COMPOSITION = [
  'index.tsx',
  'sessionFile.ts',
  'session.ts',
  'commands.ts',
  'config.ts',
  'id.ts',
];

/** What each folder or file of core/src may import of its neighbours, from the bottom up. All may import axes.ts and items.ts. */
const CORE = {
  'axes.ts': [],
  'items.ts': [],
  'nextTask.ts': [],
  'sha256.ts': [],
  'statistics.ts': [],
  'version.ts': [],
  log: [],
  settings: [],
  registry: [],
  'types.ts': ['registry'],
  'study.ts': ['types.ts', 'registry'],
  volume: ['types.ts', 'registry', 'settings', 'statistics.ts'],
  model: ['types.ts', 'sha256.ts', 'registry'],
  hydrops: ['types.ts', 'registry', 'volume'],
  alignment: ['types.ts', 'volume'],
  ears: ['types.ts', 'study.ts', 'registry', 'volume', 'model'],
  segmentation: ['nextTask.ts', 'types.ts', 'study.ts', 'registry', 'volume', 'model', 'ears'],
  measurement: ['types.ts', 'study.ts', 'registry', 'statistics.ts', 'volume'],
  analysis: [
    ...['types.ts', 'study.ts', 'registry', 'statistics.ts', 'version.ts'],
    ...['volume', 'hydrops', 'alignment', 'measurement'],
  ],
  dicom: [
    ...['types.ts', 'study.ts', 'registry', 'sha256.ts', 'statistics.ts', 'version.ts'],
    ...['volume', 'measurement', 'analysis'],
  ],
};

/** What each folder or file of tools/src may import of its neighbours, from the bottom up. */
const TOOLS = {
  'errors.ts': [],
  'html.ts': [],
  'projectRoot.ts': [],
  reference: [],
  files: ['errors.ts'],
  archive: ['files', 'errors.ts'],
  model: ['files', 'errors.ts', 'projectRoot.ts'],
  labelFiles: ['files', 'errors.ts'],
  dicomweb: ['archive', 'files', 'errors.ts'],
  dataset: ['labelFiles', 'files', 'errors.ts'],
  compute: ['dataset', 'labelFiles', 'model', 'files', 'errors.ts', 'html.ts', 'projectRoot.ts'],
  train: ['dicomweb', 'dataset', 'model', 'files', 'errors.ts', 'projectRoot.ts'],
  convert: ['train', 'dicomweb', 'dataset', 'labelFiles', 'files', 'errors.ts'],
  phantom: ['train', 'archive', 'labelFiles', 'files', 'errors.ts', 'projectRoot.ts'],
  evaluate: [
    'train',
    'phantom',
    'convert',
    'dicomweb',
    'dataset',
    'labelFiles',
    'model',
    'files',
    'errors.ts',
    'html.ts',
    'projectRoot.ts',
  ],
  serve: ['phantom', 'archive', 'dicomweb', 'files', 'errors.ts', 'html.ts', 'projectRoot.ts'],
};

/** What each package may import of the others. */
const PACKAGES = {
  core: [],
  phantom: ['core'],
  mode: [],
  extension: ['core'],
  tools: ['core', 'phantom'],
};

/** Tests, and what stands beside them for their sake: they may look wherever they like, and nobody at them. */
const TESTS = '(\\.test\\.tsx?$|^test/|^(core|phantom|extension|tools)/test/)';

const escaped = (name) => name.replace('.', '\\.');
/** Of a folder everything, of a file itself. */
const within = (root, names) =>
  names.map((name) => `^${root}/${escaped(name)}${name.includes('.') ? '$' : '/'}`);

function arrows(root, table, always = []) {
  return Object.entries(table).map(([folder, mayImport]) => ({
    name: `${root}/${folder}`,
    comment: `${root}/${folder} may import ${mayImport.join(', ') || 'none of its neighbours'}: see .dependency-cruiser.mjs.`,
    severity: 'error',
    from: { path: within(root, [folder]), pathNot: TESTS },
    to: { path: `^${root}/`, pathNot: within(root, [folder, ...mayImport, ...always]) },
  }));
}

const packages = Object.entries(PACKAGES).map(([name, mayImport]) => ({
  name: `package ${name}`,
  comment: `The package ${name} may import ${mayImport.join(', ') || 'no other package of this repository'}.`,
  severity: 'error',
  from: { path: `^${name}/src/`, pathNot: TESTS },
  to: {
    path: `^(${Object.keys(PACKAGES).join('|')})/`,
    pathNot: within('', [name, ...mayImport]).map((path) => path.replace('^/', '^')),
  },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no circle',
      comment:
        'Give the lower module the few things that it needs (a callback, an interface), not the upper module.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...packages,
    ...arrows('extension/src', EXTENSION, ['id.ts']),
    ...arrows('core/src', CORE, ['axes.ts', 'items.ts']),
    ...arrows('tools/src', TOOLS),
    {
      name: 'extension/src has no loose files',
      comment: `At its top stand ${COMPOSITION.join(', ')}; all else lies in a folder that the arrows name.`,
      severity: 'error',
      from: {
        path: '^extension/src/',
        pathNot: [TESTS, ...within('extension/src', [...COMPOSITION, ...Object.keys(EXTENSION)])],
      },
      to: {},
    },
    {
      name: 'React is for the panel',
      comment: 'What the reader sees is drawn in panel/; everything else works without React.',
      severity: 'error',
      from: { path: '^extension/src/', pathNot: [TESTS, '^extension/src/panel/'] },
      to: { path: '^(node_modules/)?react(-dom)?(/|$)' },
    },
    {
      name: 'shipped code imports no test',
      comment: 'Fixtures and helpers of tests are not shipped.',
      severity: 'error',
      from: { path: '^(core|phantom|extension|mode|tools)/src/', pathNot: TESTS },
      to: { path: TESTS, pathNot: 'node_modules' },
    },
    {
      name: 'resolvable',
      comment: 'A module that is not found cannot be held to any arrow.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // Type imports are arrows too.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(/dist/|^\\.cache/)' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'types'],
    },
  },
};
