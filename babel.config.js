// Jest runs the TypeScript sources through Babel; the bundles are made by esbuild (scripts/build.mjs).
module.exports = {
  presets: [
    ['@babel/preset-env', { targets: { node: '20' } }],
    '@babel/preset-typescript',
    ['@babel/preset-react', { runtime: 'automatic' }],
  ],
  plugins: [importMetaUrl],
};

/** Jest's CommonJS modules have no `import.meta`; its `url` becomes the file's address. */
function importMetaUrl({ template }) {
  const address = template.expression(
    `({ url: require('node:url').pathToFileURL(__filename).href })`
  );
  return { visitor: { MetaProperty: (path) => path.replaceWith(address()) } };
}
