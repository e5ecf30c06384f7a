import { generateCases } from './generateCases';

/** `node generate.cjs FOLDER FIRST COUNT`: simulates training cases until they are all there. */
const [folder, first, count] = process.argv.slice(2);
const started = Date.now();
await generateCases(folder, Number(first), Number(count), (seed) => {
  const done = seed - Number(first) + 1;
  const seconds = (Date.now() - started) / 1000;
  console.log(`${done} of ${count} cases, ${(seconds / done).toFixed(1)} s a case`);
});
