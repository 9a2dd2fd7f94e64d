import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { crc32 } from 'node:zlib';
import * as fc from 'fast-check';
import { buildEif, type EifParts, readEif } from '../../../enclave/image';
import { signMeasurement, verifySignature } from '../../../enclave/image/signature';
import { type CborMap, decodeCbor, encodeCbor } from '../../../runtime/cbor';
import { PalisadeError } from '../../../runtime/errors';
import { newSigner } from './signer';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'palisade-image-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const inFolder = (name: string) => path.join(folder, name);
function file(name: string, content: string | Buffer): string {
  fs.writeFileSync(inFolder(name), content);
  return inFolder(name);
}

const KERNEL = 'kernel'.repeat(100);
const CMDLINE = 'reboot=k panic=30';
const parts = (more: Partial<EifParts> = {}): EifParts => ({
  kernel: file('kernel', KERNEL),
  cmdline: CMDLINE,
  ramdisks: [file('init.cpio', 'init'), file('app.cpio', 'application'), file('model.cpio', 'model')],
  ...more,
});
const build = (name: string, more?: Partial<EifParts>) => ({
  measurements: buildEif(parts(more), inFolder(name)),
  eif: inFolder(name),
});

/** What AWS documents, said again as plainly as can be. */
function expected(...data: (string | Buffer)[]): string {
  const content = createHash('sha384')
    .update(Buffer.concat(data.map((part) => Buffer.from(part))))
    .digest();
  return createHash('sha384')
    .update(Buffer.concat([Buffer.alloc(48), content]))
    .digest('hex');
}

function codeOf(image: string): string {
  try {
    readEif(image);
  } catch (error) {
    if (!(error instanceof PalisadeError)) {
      throw error;
    }
    return error.code;
  }
  return 'accepted';
}

test('an image measures what its parts are', () => {
  expect(build('a.eif').measurements).toEqual({
    PCR0: expected(KERNEL, CMDLINE, 'init', 'application', 'model'),
    PCR1: expected(KERNEL, CMDLINE, 'init'),
    PCR2: expected('application', 'model'),
  });
  expect(build('one.eif', { ramdisks: [inFolder('init.cpio')] }).measurements.PCR2).toBe(expected());
});

test('the same parts give the same bytes, and names are not measured', () => {
  const [one, two] = [build('one.eif'), build('two.eif')].map(({ eif }) => fs.readFileSync(eif));
  expect(one.equals(two)).toBe(true);
  const named = build('named.eif', { name: 'other', version: '2' });
  expect(fs.readFileSync(named.eif).equals(one)).toBe(false);
  expect(named.measurements).toEqual(build('one.eif').measurements);
});

test('a byte in any part changes PCR0', () => {
  const { PCR0 } = build('a.eif').measurements;
  for (const change of [
    { kernel: file('kernel2', `${KERNEL}x`) },
    { cmdline: `${CMDLINE} debug` },
    { ramdisks: [file('init2.cpio', 'inis'), inFolder('app.cpio'), inFolder('model.cpio')] },
    { ramdisks: [inFolder('init.cpio'), inFolder('model.cpio'), inFolder('app.cpio')] },
  ]) {
    expect(build('changed.eif', change).measurements.PCR0).not.toBe(PCR0);
  }
});

test('it describes what it holds', () => {
  const { eif } = build('a.eif', { architecture: 'arm64', defaultCpus: 4, name: 'notes' });
  const description = readEif(eif);
  expect(description).toMatchObject({ version: 4, architecture: 'arm64', defaultCpus: 4, cmdline: CMDLINE });
  expect(description.metadata).toMatchObject({ ImageName: 'notes' });
  expect(description.sections.map(({ kind }) => kind)).toEqual([
    'kernel',
    'cmdline',
    'metadata',
    'ramdisk',
    'ramdisk',
    'ramdisk',
  ]);
  expect(description.signer).toBeUndefined();
});

test('the layout is the documented one, byte for byte', () => {
  const bytes = fs.readFileSync(
    build('tiny.eif', { cmdline: 'c', ramdisks: [file('r', 'r')], kernel: file('k', 'k') }).eif,
  );
  expect(bytes.subarray(0, 28).toString('hex')).toBe('2e65696600040000000000002000000000000000000000020000' + '0004');
  expect(bytes.readBigUInt64BE(28)).toBe(548n);
  expect(bytes.readBigUInt64BE(36)).toBe(548n + 12n + 1n);
  expect(bytes.readBigUInt64BE(28 + 256)).toBe(1n);
  expect(bytes.subarray(548, 561).toString('hex')).toBe('000100000000000000000001' + '6b');
  expect(bytes.readUInt32BE(544)).toBe(crc32(Buffer.concat([bytes.subarray(0, 544), bytes.subarray(548)])));
});

describe('a signed image', () => {
  test.each(['P-256', 'P-384', 'P-521'])('measures its certificate, with a key on %s', async (curve) => {
    const signer = await newSigner(curve);
    const { eif, measurements } = build('signed.eif', { signer });
    expect(measurements.PCR8).toBe(expected(signer.der));
    expect(measurements.PCR0).toBe(build('a.eif').measurements.PCR0);
    expect(readEif(eif).signer).toEqual({
      subject: 'CN=image signer',
      notBefore: new Date('2026-01-01T00:00:00Z'),
      notAfter: new Date('2027-01-01T00:00:00Z'),
    });
  });

  test('is refused with the signature of another image, of another key, or with a damaged one', async () => {
    const [one, other] = [await newSigner(), await newSigner()];
    const { PCR0, PCR1 } = build('a.eif').measurements;
    const code = (section: Uint8Array) => {
      try {
        return verifySignature(section, PCR0, 'image').subject;
      } catch (error) {
        return (error as PalisadeError).code;
      }
    };
    const by = ({ certificatePem, keyPem }: typeof one, pcr = PCR0) => signMeasurement(pcr, certificatePem, keyPem);
    const entries = (section: Uint8Array) => (decodeCbor(section) as [CborMap])[0];
    expect(code(by(one))).toBe('CN=image signer');
    expect(code(by(one, PCR1))).toBe('PALISADE-E106');
    const certificate = entries(by(other)).get('signing_certificate') as number[];
    const foreign = new Map(entries(by(one))).set('signing_certificate', certificate);
    expect(code(encodeCbor([foreign]))).toBe('PALISADE-E106');
    expect(code(encodeCbor([entries(by(one)), entries(by(one))]))).toBe('PALISADE-E105');
    expect(code(encodeCbor([new Map([['signature', [1]]])]))).toBe('PALISADE-E105');
    expect(code(by(one).subarray(1))).toBe('PALISADE-E105');
  });

  test('is not made with a key that is not the certificate’s', async () => {
    const [one, other] = [await newSigner(), await newSigner()];
    expect(() => build('x.eif', { signer: { ...one, keyPem: other.keyPem } })).toThrow(
      expect.objectContaining({ code: 'PALISADE-E108' }),
    );
    expect(fs.existsSync(inFolder('x.eif'))).toBe(false);
  });
});

/** Puts the right checksum into a changed image, so that only the change itself is found. */
function sealed(image: Buffer): Buffer {
  const bytes = Buffer.from(image);
  bytes.writeUInt32BE(crc32(Buffer.concat([bytes.subarray(0, 544), bytes.subarray(548)])), 544);
  return bytes;
}

describe('an image is refused', () => {
  const changed = (change: (bytes: Buffer) => Buffer | undefined) => {
    const bytes = fs.readFileSync(build('a.eif').eif);
    return codeOf(file('changed.eif', sealed(change(bytes) ?? bytes)));
  };
  const write64 = (at: number, value: bigint) => (bytes: Buffer) => {
    bytes.writeBigUInt64BE(value, at);
    return bytes;
  };
  const KERNEL_AT = 548;
  const CMDLINE_AT = 548 + 12 + KERNEL.length;

  test.each<[string, (bytes: Buffer) => Buffer | undefined, string]>([
    ['whose magic is another', (bytes) => void bytes.write('.elf'), 'E100'],
    ['of version 2', (bytes) => void bytes.writeUInt16BE(2, 4), 'E101'],
    ['of version 5', (bytes) => void bytes.writeUInt16BE(5, 4), 'E101'],
    ['without sections', (bytes) => void bytes.writeUInt16BE(0, 26), 'E102'],
    ['with 33 sections', (bytes) => void bytes.writeUInt16BE(33, 26), 'E102'],
    ['with a section that it does not count', (bytes) => void bytes.writeUInt16BE(5, 26), 'E102'],
    ['with a section too many', (bytes) => void bytes.writeUInt16BE(7, 26), 'E102'],
    ['whose sections overlap', write64(36, 560n), 'E102'],
    ['with a size beyond the file', write64(28 + 256, 2n ** 52n), 'E102'],
    ['with a size beyond all files', write64(28 + 256, 2n ** 64n - 1n), 'E102'],
    ['whose section has another size than the table says', write64(KERNEL_AT + 4, 5n), 'E102'],
    ['with bytes behind', (bytes) => Buffer.concat([bytes, Buffer.from([0])]), 'E102'],
    ['that is cut', (bytes) => bytes.subarray(0, bytes.length - 1), 'E102'],
    ['with an unknown section', (bytes) => void bytes.writeUInt16BE(6, KERNEL_AT), 'E103'],
    ['with an invalid section', (bytes) => void bytes.writeUInt16BE(0, KERNEL_AT), 'E103'],
    ['without kernel', (bytes) => void bytes.writeUInt16BE(3, KERNEL_AT), 'E103'],
    ['with two kernels', (bytes) => void bytes.writeUInt16BE(1, CMDLINE_AT), 'E103'],
    ['with two command lines', (bytes) => void bytes.writeUInt16BE(2, KERNEL_AT), 'E103'],
    ['whose signature is none', (bytes) => void bytes.writeUInt16BE(4, bytes.length - 5 - 12), 'E105'],
    ['whose metadata is none', (bytes) => void bytes.writeUInt16BE(5, bytes.length - 5 - 12), 'E103'],
  ])('%s', (_name, change, code) => {
    expect(changed(change)).toBe(`PALISADE-${code}`);
  });

  test('whose checksum is wrong, wherever a bit was flipped', () => {
    const bytes = fs.readFileSync(build('a.eif').eif);
    for (let at = KERNEL_AT + 12; at < CMDLINE_AT; at += 97) {
      const flipped = Buffer.from(bytes);
      flipped[at] ^= 4;
      expect(codeOf(file('flipped.eif', flipped))).toBe('PALISADE-E104');
    }
  });

  test('whose metadata is not JSON', () => {
    const bytes = fs.readFileSync(build('a.eif').eif);
    bytes[bytes.indexOf('{"ImageName"')] = 0x5b;
    expect(codeOf(file('changed.eif', sealed(bytes)))).toBe('PALISADE-E107');
  });

  test('that is no file, is empty, or is a text', () => {
    expect(codeOf(inFolder('nowhere.eif'))).toBe('PALISADE-E100');
    expect(codeOf(file('empty.eif', ''))).toBe('PALISADE-E100');
    expect(codeOf(file('text.eif', 'FROM scratch\n'))).toBe('PALISADE-E100');
  });
});

test('whatever bytes are changed, the image is measured or refused with a code', () => {
  const bytes = fs.readFileSync(build('a.eif').eif);
  const flip = fc.record({ at: fc.nat(bytes.length - 1), value: fc.nat(255) });
  fc.assert(
    fc.property(fc.array(flip, { minLength: 1, maxLength: 6 }), fc.nat(40), (flips, cut) => {
      const mangled = Buffer.from(bytes.subarray(0, bytes.length - cut));
      for (const { at, value } of flips.filter((change) => change.at < mangled.length)) {
        mangled[at] = value;
      }
      expect(codeOf(file('mangled.eif', mangled.length > 548 ? sealed(mangled) : mangled))).toMatch(
        /^(PALISADE-E10\d|accepted)$/,
      );
    }),
    { numRuns: Number(process.env.FUZZ_RUNS ?? 1000) },
  );
});

describe('building', () => {
  test.each<[string, () => Partial<EifParts>, string]>([
    ['no kernel', () => ({ kernel: inFolder('nowhere') }), 'E108'],
    ['an empty ramdisk', () => ({ ramdisks: [file('empty', '')] }), 'E108'],
    ['no ramdisk', () => ({ ramdisks: [] }), 'E108'],
    ['the output as a part', () => ({ kernel: file('x.eif', 'x') }), 'E109'],
  ])('with %s fails before anything is written', (_name, more, code) => {
    expect(() => build('x.eif', more())).toThrow(expect.objectContaining({ code: `PALISADE-${code}` }));
    expect(fs.readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
  });

  test('packs a folder the same way, whenever and in whatever order its files were made', () => {
    const make = (name: string, order: string[], time: Date) => {
      const root = inFolder(name);
      fs.mkdirSync(path.join(root, 'bin'), { recursive: true });
      for (const entry of order) {
        fs.writeFileSync(path.join(root, entry), `content of ${entry}`, { mode: 0o755 });
        fs.utimesSync(path.join(root, entry), time, time);
      }
      fs.symlinkSync('bin/sh', path.join(root, 'init'));
      return root;
    };
    const one = make('one', ['bin/sh', 'bin/node', 'a'], new Date(0));
    const two = make('two', ['a', 'bin/node', 'bin/sh'], new Date());
    expect(build('x.eif', { ramdisks: [one] }).measurements).toEqual(build('x.eif', { ramdisks: [two] }).measurements);
  });
});

test('memory does not grow with the image', () => {
  const large = inFolder('large');
  fs.writeFileSync(large, '');
  fs.truncateSync(large, 300 * 1024 * 1024);
  const before = process.memoryUsage().rss;
  build('large.eif', { ramdisks: [inFolder('init.cpio'), large] });
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  fs.rmSync(inFolder('large.eif'));
});
