#!/bin/sh
# Bundles a trainer's entry point for Node: tools/src/train/build.sh generate.main → .cache/train/generate.main.mjs
set -e
cd "$(dirname "$0")/../../.."
for entry in "$@"; do
  npx --no-install esbuild "tools/src/$entry.ts" --bundle --platform=node --format=esm --log-level=warning \
    --outfile=".cache/train/$(basename "$entry").mjs" --sourcemap=inline \
    --banner:js="import { createRequire as nodeRequire } from 'node:module'; import { fileURLToPath as nodeFile } from 'node:url'; const require = nodeRequire(import.meta.url); const __filename = nodeFile(import.meta.url); const __dirname = nodeFile(new URL('.', import.meta.url));" \
    --external:@tensorflow/tfjs-backend-wasm/dist/*
done
