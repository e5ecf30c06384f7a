// Jest runs the TypeScript sources through Babel; the bundles are made by esbuild (scripts/build.mjs).
module.exports = {
  presets: [
    ['@babel/preset-env', { targets: { node: '20' } }],
    '@babel/preset-typescript',
    ['@babel/preset-react', { runtime: 'automatic' }],
  ],
  plugins: [importMetaUrl, numbersAsWritten],
};

/** Jest's CommonJS modules have no `import.meta`; its `url` becomes the file's address. */
function importMetaUrl({ template }) {
  const address = template.expression(
    `({ url: require('node:url').pathToFileURL(__filename).href })`
  );
  return { visitor: { MetaProperty: (path) => path.replaceWith(address()) } };
}

/** `NaN` and `Infinity` as numbers: in Jest's sandbox the globals are looked up each time, slowly, and sampling asks for them per voxel. */
function numbersAsWritten({ types }) {
  const zero = () => types.numericLiteral(0);
  const values = {
    NaN: () => types.binaryExpression('/', zero(), zero()),
    Infinity: () => types.binaryExpression('/', types.numericLiteral(1), zero()),
  };
  return {
    visitor: {
      ReferencedIdentifier(path) {
        const value = Object.hasOwn(values, path.node.name) ? values[path.node.name] : null;
        if (value && path.isIdentifier() && !path.scope.hasBinding(path.node.name, true)) {
          path.replaceWith(types.parenthesizedExpression(value()));
        }
      },
    },
  };
}
