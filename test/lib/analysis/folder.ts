import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

/** A temporary folder with files of a test; removed after the tests of the file that made it. */
export class Folder {
  readonly path = fs.mkdtempSync(path.join(os.tmpdir(), 'palisade-analysis-'));

  constructor() {
    afterAll(() => fs.rmSync(this.path, { recursive: true, force: true }));
  }

  /** Writes a file, as JSON unless it is a text already, and returns its path. */
  write(name: string, content: unknown): string {
    const file = path.join(this.path, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return file;
  }
}
