import { createHash, randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { entriesOf, openModel, sealModel, type TarFile, tarOf } from '../../../runtime/sealed-model';

const SYSTEM = 'clinical-notes';
const WRAPPED = new Uint8Array([1, 2, 3]);
const KEY = randomBytes(32);
const MEBIBYTE = 1024 * 1024;

async function* pieces(bytes: Uint8Array, length = 100_000): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += length) {
    yield bytes.subarray(start, start + length);
  }
}

async function whole(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of source) {
    parts.push(part);
  }
  return Buffer.concat(parts);
}

const seal = (plaintext: Uint8Array, key = KEY, system = SYSTEM) =>
  whole(sealModel(pieces(plaintext), { system, wrappedKey: WRAPPED, dataKey: Uint8Array.from(key) }));

async function open(sealed: Uint8Array, key = KEY): Promise<{ plaintext: Buffer; digest: string }> {
  const opened = await openModel(pieces(sealed, 70_000), {
    system: SYSTEM,
    unwrap: async () => Uint8Array.from(key),
  });
  const plaintext = await whole(opened.plaintext);
  return { plaintext, digest: opened.digest() };
}

const refused = (code: string) => expect.objectContaining({ code: `PALISADE-${code}` });

describe('a sealed model', () => {
  test.each([0, 1, MEBIBYTE - 1, MEBIBYTE, MEBIBYTE + 1, 3 * MEBIBYTE])('opens as it was: %d bytes', async (length) => {
    const plaintext = randomBytes(length);
    const opened = await open(await seal(plaintext));
    expect(opened.plaintext.equals(plaintext)).toBe(true);
    expect(opened.digest).toBe(createHash('sha256').update(plaintext).digest('hex'));
  });

  test('does not show its content, and asks KMS for the key in its context', async () => {
    const sealed = await seal(Buffer.from('CANARY'.repeat(100)));
    expect(sealed.includes('CANARY')).toBe(false);
    const unwrap = jest.fn(async () => Uint8Array.from(KEY));
    await openModel(sealed, { system: SYSTEM, unwrap });
    expect(unwrap).toHaveBeenCalledWith(WRAPPED, { purpose: 'model', system: SYSTEM });
  });

  test('of another system is refused before KMS is asked', async () => {
    const sealed = await seal(Buffer.from('x'), KEY, 'other');
    const unwrap = jest.fn();
    await expect(openModel(sealed, { system: SYSTEM, unwrap })).rejects.toEqual(refused('E322'));
    expect(unwrap).not.toHaveBeenCalled();
  });

  test('needs its own key, of 32 bytes, which is gone afterwards', async () => {
    const sealed = await seal(Buffer.from('x'));
    await expect(open(sealed, randomBytes(32))).rejects.toEqual(refused('E323'));
    const short = sealModel(pieces(Buffer.from('x')), {
      system: SYSTEM,
      wrappedKey: WRAPPED,
      dataKey: randomBytes(16),
    });
    await expect(whole(short)).rejects.toEqual(refused('E320'));
    const dataKey = Uint8Array.from(KEY);
    await whole(sealModel(pieces(Buffer.from('x')), { system: SYSTEM, wrappedKey: WRAPPED, dataKey }));
    expect(dataKey).toEqual(new Uint8Array(32));
  });

  test('has no digest before it is read', async () => {
    const opened = await openModel(await seal(Buffer.from('x')), { system: SYSTEM, unwrap: async () => KEY.slice() });
    expect(() => opened.digest()).toThrow(refused('E323'));
  });

  test('one flipped bit anywhere is refused', async () => {
    const sealed = await seal(randomBytes(2000));
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.length * 8 - 1), async (bit) => {
        const altered = Buffer.from(sealed);
        altered[bit >> 3] ^= 1 << (bit & 7);
        await expect(open(altered)).rejects.toThrow(/^PALISADE-E32[123] /);
      }),
    );
  });

  test('cut off anywhere, or with something behind it, is refused', async () => {
    const sealed = await seal(randomBytes(MEBIBYTE + 100));
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.length - 1), async (length) => {
        await expect(open(sealed.subarray(0, length))).rejects.toThrow(/^PALISADE-E32[13] /);
      }),
      { numRuns: 50 },
    );
    await expect(open(Buffer.concat([sealed, Buffer.from([0])]))).rejects.toEqual(refused('E323'));
  });

  test('chunks that are dropped, doubled, swapped, or of another file are refused', async () => {
    const [sealed, other] = [await seal(randomBytes(3 * MEBIBYTE)), await seal(randomBytes(3 * MEBIBYTE), KEY)];
    const length = 5 + MEBIBYTE + 16;
    const start = sealed.length - 3 * length;
    const cut = (file: Buffer) => [0, 1, 2].map((n) => file.subarray(start + n * length, start + (n + 1) * length));
    const head = sealed.subarray(0, start);
    const [a, b, c] = cut(sealed);
    expect((await open(Buffer.concat([head, a, b, c]))).plaintext).toHaveLength(3 * MEBIBYTE);
    const [, second] = cut(await seal(randomBytes(3 * MEBIBYTE), randomBytes(32)));
    expect(other.length).toBe(sealed.length);
    for (const chunks of [[a, c], [a, b, b, c], [b, a, c], [a, second, c], [c]]) {
      await expect(open(Buffer.concat([head, ...chunks]))).rejects.toEqual(refused('E323'));
    }
    const early = Buffer.from(b);
    early[0] = 1;
    await expect(open(Buffer.concat([head, a, early]))).rejects.toEqual(refused('E323'));
  });

  test('whatever the bytes: opened, or a coded error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        await expect(open(bytes)).rejects.toThrow(/^PALISADE-E321 /);
      }),
    );
  });
});

describe('its archive', () => {
  const file = (name: string, text: string): TarFile => ({
    name,
    size: Buffer.byteLength(text),
    content: pieces(Buffer.from(text)),
  });
  const write = (...files: TarFile[]) => whole(tarOf(files));

  async function read(archive: Uint8Array): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    for await (const { name, content } of entriesOf(pieces(archive, 700))) {
      found[name] = String(await whole(content));
    }
    return found;
  }

  test('gives back what went in, whatever it is', async () => {
    const names = fc.stringMatching(/^[a-z][a-z0-9._-]{0,20}(\/[a-z][a-z0-9.]{0,20})?$/);
    await fc.assert(
      fc.asyncProperty(fc.dictionary(names, fc.string({ maxLength: 2000 })), async (files) => {
        const archive = await write(...Object.entries(files).map(([name, text]) => file(name, text)));
        expect(await read(archive)).toEqual({ ...files });
      }),
      { numRuns: 50 },
    );
  });

  test('is the same for the same files in any order, and tar reads it', async () => {
    const archive = await write(file('b/model.onnx', 'weights'), file('a.json', '{}'));
    expect(archive.equals(await write(file('a.json', '{}'), file('b/model.onnx', 'weights')))).toBe(true);
    const { spawnSync } = await import('node:child_process');
    const listed = spawnSync('tar', ['-tf', '-'], { input: archive, encoding: 'utf8' });
    expect(listed.stdout).toBe('a.json\nb/model.onnx\n');
  });

  test.each(['../x', '/x', 'a//b', '.hidden', 'a/../b', '', 'x'.repeat(101), 'a\nb', 'ä'])(
    'has no %j',
    async (name) => {
      await expect(write(file(name, 'x'))).rejects.toEqual(refused('E324'));
    },
  );

  test('has no file twice, and none of another size than it said', async () => {
    await expect(write(file('a', 'x'), file('a', 'y'))).rejects.toEqual(refused('E324'));
    await expect(write({ ...file('a', 'xyz'), size: 2 })).rejects.toEqual(refused('E324'));
    await expect(write({ ...file('a', 'xyz'), size: 4 })).rejects.toEqual(refused('E324'));
  });

  test('one flipped bit outside of content is refused; cut off, it is refused', async () => {
    const archive = await write(file('a', 'x'.repeat(600)), file('b', 'y'));
    await fc.assert(
      fc.asyncProperty(fc.nat(archive.length * 8 - 1), async (bit) => {
        const altered = Buffer.from(archive);
        altered[bit >> 3] ^= 1 << (bit & 7);
        const place = bit >> 3;
        const inContent = (place >= 512 && place < 1112) || place === 2048;
        if (inContent) {
          expect(Object.keys(await read(altered))).toEqual(['a', 'b']);
        } else {
          await expect(read(altered)).rejects.toEqual(refused('E324'));
        }
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(archive.length - 1), async (length) => {
        await expect(read(archive.subarray(0, length))).rejects.toEqual(refused('E324'));
      }),
    );
  });

  test('a file that is left before it was read is refused', async () => {
    const archive = await write(file('a', 'x'), file('b', 'y'));
    const skim = async () => {
      for await (const { name } of entriesOf(archive)) {
        expect(name).toBe('a');
      }
    };
    await expect(skim()).rejects.toEqual(refused('E324'));
  });
});
