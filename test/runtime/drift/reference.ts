import * as fs from 'node:fs';
import * as path from 'node:path';

/** Reference values and series beside the project; undefined where they are not. */
export function reference<T>(...name: string[]): T | undefined {
  const file = path.join(__dirname, '../../../../shared/data', ...name);
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : undefined;
}

/** Like `test`, and skipped, by name, where the data is missing. */
export function testWith<T>(data: T | undefined, name: string, body: (data: T) => void): void {
  if (data === undefined) {
    test.skip(`${name} (no shared/data)`, () => undefined);
  } else {
    test(name, () => body(data));
  }
}

/** `values` agree to `digits` significant digits; small ones, by `absolute`. */
export function expectAgreement(got: number, wanted: number, relative: number, absolute = 0): void {
  if (!(Math.abs(got - wanted) <= relative * Math.abs(wanted) + absolute)) {
    throw new Error(`${got} differs from ${wanted} by ${(got - wanted) / wanted} of it`);
  }
}
