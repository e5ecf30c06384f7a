// Jest runs the TypeScript sources through Babel; the bundles are made by esbuild (scripts/build.mjs).
module.exports = {
  presets: [
    ['@babel/preset-env', { targets: { node: '20' } }],
    '@babel/preset-typescript',
    ['@babel/preset-react', { runtime: 'automatic' }],
  ],
};
