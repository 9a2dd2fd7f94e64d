import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { SCAN_CODES, type ScanReport, scanArtifact } from '../../runtime/artifact-scan';
import { PalisadeError } from '../../runtime/errors';
import { type Command, EXIT, parse, UsageError } from './command';
import { Progress } from './progress';

/** Bytes that are read at a time. */
const PIECE = 2 ** 20;

/** Judges model files by their content. */
export const scan: Command = {
  usage: `palisade scan FILE...

  Judges model files by their content: may they be loaded? Prints one JSON object a line for each file, {"file", "format",
  "verdict", "reasons"}, in order. FILE is a file, or a folder, whose files are taken in the order of their paths. A verdict is
  safe, unsafe or unknown, and unknown is not safe. A reason has code, verdict, entry (the path within an archive) and problem.
  Nothing is loaded, run or unpacked to disk. docs/artifact-scan.md says what is judged, and what is not claimed.
  Exit code 0: every file is safe. 1: a file is not. 2: wrong usage, or a file that cannot be read.`,
  run: async (args) => {
    const { positionals } = parse({ args, allowPositionals: true });
    if (positionals.length === 0) {
      throw new UsageError('expected at least one FILE');
    }
    const files = (await Promise.all(positionals.map(filesOf))).flat();
    const progress = new Progress(files.reduce((sum, { bytes }) => sum + bytes, 0));
    let code: number = EXIT.clean;
    for (const file of files) {
      const report = await reportOn(file, progress);
      code = report.verdict === 'safe' ? code : EXIT.findings;
      console.log(JSON.stringify({ file: file.name, ...report }));
    }
    progress.end();
    return code;
  },
};

interface Found {
  readonly name: string;
  /** Within the folder that the caller names. */
  readonly within: string;
  readonly bytes: number;
  /** Neither link nor device: something that can be read to an end. */
  readonly regular: boolean;
}

/** The file, or the files of the folder. A link that the caller names is followed; one in a folder is not. */
async function filesOf(name: string): Promise<Found[]> {
  const stat = await reading(name, () => fs.stat(name));
  if (!stat.isDirectory()) {
    if (!stat.isFile()) {
      throw unreadable(name, 'is neither a file nor a folder');
    }
    return [{ name, within: path.basename(name), bytes: stat.size, regular: true }];
  }
  const found: Found[] = [];
  for (const entry of await reading(name, () => fs.readdir(name, { recursive: true, withFileTypes: true }))) {
    if (!entry.isDirectory()) {
      const file = path.join(entry.parentPath, entry.name);
      const { size } = await reading(file, () => fs.lstat(file));
      found.push({ name: file, within: path.relative(name, file), bytes: size, regular: entry.isFile() });
    }
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function reportOn(
  { name, within, bytes, regular }: Found,
  progress: Progress,
): Promise<Pick<ScanReport, 'format' | 'verdict'> & { reasons: object[] }> {
  if (!regular) {
    const problem = 'a link or device in a folder: what it leads to was not read';
    return {
      format: 'other',
      verdict: 'unknown',
      reasons: [{ code: SCAN_CODES.LINK, verdict: 'unknown', entry: '', problem }],
    };
  }
  const { format, verdict, findings } = await reading(name, () =>
    scanArtifact(bytesOf(name, progress), { size: bytes, name: within }),
  );
  return { format, verdict, reasons: findings };
}

/** The bytes of a file, piece by piece, so that one larger than memory can be judged. */
async function* bytesOf(name: string, progress: Progress): AsyncGenerator<Uint8Array> {
  const handle = await fs.open(name);
  try {
    for (;;) {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(PIECE), 0, PIECE);
      if (bytesRead === 0) {
        return;
      }
      progress.advance(bytesRead);
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

async function reading<T>(name: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw (error as NodeJS.ErrnoException).syscall ? unreadable(name, (error as Error).message) : error;
  }
}

function unreadable(where: string, problem: string): PalisadeError {
  return new PalisadeError({
    code: 'PALISADE-T050',
    where,
    problem,
    fix: 'name files and folders that exist and that you may read',
  });
}
