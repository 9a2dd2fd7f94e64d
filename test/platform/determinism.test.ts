import * as fs from 'node:fs';
import * as path from 'node:path';
import { synthesizePlatform } from '../../lib/platform';
import { AS_OF, PACKAGE, temporaryFolder } from './support';

/**
 * CDK's own report and the metadata of its constructs, both with stack traces of the machine and neither deployed. What
 * the report says is in evidence/findings.json, which is compared.
 */
const NOT_COMPARED = /^(validation-report|.*\.metadata)\.json$/;

function synthesizeTo(folder: string): Map<string, Buffer> {
  const outdir = path.join(temporaryFolder(), folder);
  synthesizePlatform({ manifestFolder: path.join(PACKAGE, 'manifests'), asOf: AS_OF, outdir });
  const files = fs
    .readdirSync(outdir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !NOT_COMPARED.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  return new Map(files.map((file) => [path.relative(outdir, file), fs.readFileSync(file)]));
}

test('the same manifests give the same assembly and evidence, byte for byte, wherever they are written', () => {
  const first = synthesizeTo('first');
  const second = synthesizeTo('elsewhere');
  const kinds = [/\.template\.json$/, /\.assets\.json$/, /^evidence\//, /^asset\..*index\.js$/, /^manifest\.json$/];
  for (const kind of kinds) {
    expect([...first.keys()]).toContainEqual(expect.stringMatching(kind));
  }
  expect([...second.keys()]).toEqual([...first.keys()]);
  const different = [...first].filter(([name, content]) => !second.get(name)?.equals(content)).map(([name]) => name);
  expect(different).toEqual([]);
}, 60_000);
