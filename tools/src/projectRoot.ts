import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The checkout this program was built in, whether it runs as bundle or as source. */
export function projectRoot(): string {
  let directory = __dirname;
  for (;;) {
    const file = join(directory, 'package.json');
    if (existsSync(file)) {
      const { name } = JSON.parse(readFileSync(file, 'utf8')) as { name?: string };
      if (name === 'inner-ear-hydrops') return directory;
    }
    const parent = dirname(directory);
    if (parent === directory) throw new Error('The inner-ear-hydrops checkout was not found.');
    directory = parent;
  }
}
