import * as fs from 'node:fs';
import * as path from 'node:path';

/** Folder of this package: the nearest one above this file with a package.json, in source and in `dist/` alike. */
export function packageRoot(): string {
  let folder = __dirname;
  while (!fs.existsSync(path.join(folder, 'package.json'))) {
    folder = path.dirname(folder);
  }
  return folder;
}
