import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { filesOf } from '../../bin/commands/model-folder';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'palisade-folder-'));
const file = path.join(folder, 'weights.bin');
const files = () => filesOf(folder, { hash: 'sha256', ignored: [] });
const timed = () => fs.utimesSync(file, new Date(0), new Date(0));
beforeEach(() => {
  fs.writeFileSync(file, 'weights');
  timed();
});
afterEach(() => jest.restoreAllMocks());
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** Does something to the file between its first and its second reading. */
function whileRead(change: () => void): void {
  const open = fs.promises.open;
  jest.spyOn(fs.promises, 'open').mockImplementation(async (...args) => {
    const handle = await open(...args);
    const read = handle.read.bind(handle) as (...given: unknown[]) => unknown;
    Object.assign(handle, {
      read: async (...given: unknown[]) => {
        const result = await read(...given);
        change();
        return result;
      },
    });
    return handle;
  });
}

test('a file that nobody changes is named by its digest', async () => {
  whileRead(() => {});
  await expect(files()).resolves.toMatchObject([{ name: 'weights.bin' }]);
});

test.each<[string, () => void]>([
  [
    'grows without end',
    () => {
      fs.appendFileSync(file, '!');
      timed();
    },
  ],
  ['shrinks', () => fs.truncateSync(file, 3)],
  ['is written to', () => fs.writeFileSync(file, 'WEIGHTS')],
])('a file that %s while it is read is refused', async (_name, change) => {
  whileRead(change);
  await expect(files()).rejects.toMatchObject({ code: 'PALISADE-S023' });
});

test('a link that takes the place of a file is not followed', async () => {
  const open = fs.promises.open;
  jest.spyOn(fs.promises, 'open').mockImplementation(async (...args) => {
    fs.rmSync(file);
    fs.symlinkSync('/etc/hostname', file);
    return open(...args);
  });
  await expect(files()).rejects.toMatchObject({ code: 'PALISADE-S023', problem: 'cannot be read: ELOOP' });
  fs.rmSync(file);
});

test('a file that goes away between its listing and its reading is refused with a code', async () => {
  const open = fs.promises.open;
  jest.spyOn(fs.promises, 'open').mockImplementation(async (...args) => {
    fs.rmSync(file);
    return open(...args);
  });
  await expect(files()).rejects.toMatchObject({ code: 'PALISADE-S023', problem: 'cannot be read: ENOENT' });
});

test('a folder that cannot be listed is refused with a code', async () => {
  const gone = filesOf(path.join(folder, 'gone'), { hash: 'sha256', ignored: [] });
  await expect(gone).rejects.toMatchObject({ code: 'PALISADE-S023', problem: 'cannot be read: ENOENT' });
});
