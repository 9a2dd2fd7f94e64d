import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { filesOf } from '../../bin/commands/model-folder';

/** What somebody else does meanwhile. */
const meanwhile: { beforeOpen?: () => void; afterRead?: () => void } = {};
jest.mock('node:fs', () => {
  const actual = jest.requireActual('node:fs');
  return {
    ...actual,
    openSync: (...given: unknown[]) => {
      meanwhile.beforeOpen?.();
      return actual.openSync(...given);
    },
    readSync: (...given: unknown[]) => {
      const read = actual.readSync(...given);
      meanwhile.afterRead?.();
      return read;
    },
  };
});

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'palisade-folder-'));
const file = path.join(folder, 'weights.bin');
const files = () => filesOf(folder, { hash: 'sha256', ignored: [] });
const timed = () => fs.utimesSync(file, new Date(0), new Date(0));
const refused = (problem: unknown = expect.any(String)) => expect.objectContaining({ code: 'PALISADE-S023', problem });
beforeEach(() => {
  fs.writeFileSync(file, 'weights');
  timed();
});
afterEach(() => {
  delete meanwhile.beforeOpen;
  delete meanwhile.afterRead;
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

test('a file that nobody changes is named by its digest', () => {
  expect(files()).toMatchObject([{ name: 'weights.bin' }]);
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
])('a file that %s while it is read is refused', (_name, change) => {
  meanwhile.afterRead = change;
  expect(files).toThrow(refused());
});

test('a link that takes the place of a file is not followed', () => {
  meanwhile.beforeOpen = () => {
    fs.rmSync(file);
    fs.symlinkSync('/etc/hostname', file);
  };
  expect(files).toThrow(refused('cannot be read: ELOOP'));
  fs.rmSync(file);
});

test('a file that goes away between its listing and its reading is refused with a code', () => {
  meanwhile.beforeOpen = () => fs.rmSync(file);
  expect(files).toThrow(refused('cannot be read: ENOENT'));
});

test('a folder that cannot be listed is refused with a code', () => {
  const gone = () => filesOf(path.join(folder, 'gone'), { hash: 'sha256', ignored: [] });
  expect(gone).toThrow(refused('cannot be read: ENOENT'));
});
