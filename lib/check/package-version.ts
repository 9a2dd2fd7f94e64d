import * as fs from 'node:fs';
import * as path from 'node:path';

/** Version of this package, from the nearest package.json above: sources, build and bundle lie at different depths. */
export function packageVersion(): string {
  let folder = __dirname;
  while (!fs.existsSync(path.join(folder, 'package.json'))) {
    folder = path.dirname(folder);
  }
  return JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')).version;
}
