import * as fs from 'node:fs';
import * as path from 'node:path';
import { PalisadeError } from '../../runtime/errors';

/**
 * Folder of this package: the nearest one above this file with a package.json, in source and in `dist/` alike.
 *
 * Throws PALISADE-H001 when there is none, as in a CDK app that was bundled into one file.
 */
export function packageRoot(): string {
  let folder = __dirname;
  while (!fs.existsSync(path.join(folder, 'package.json'))) {
    const parent = path.dirname(folder);
    if (parent === folder) {
      throw new PalisadeError({
        code: 'PALISADE-H001',
        where: __dirname,
        problem: 'no package.json above this file, so the prebuilt handlers cannot be found',
        fix: 'leave palisade-cdk out of the bundle of the CDK app, and install it beside it',
      });
    }
    folder = parent;
  }
  return folder;
}
