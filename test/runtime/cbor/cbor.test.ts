import * as fc from 'fast-check';
import { CborTag, type CborValue, decodeCbor, encodeCbor } from '../../../runtime/cbor';
import { PalisadeError } from '../../../runtime/errors';

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));

const integer = fc.integer({ min: -(2 ** 53) + 2, max: 2 ** 53 - 2 });
const { value: anyValue } = fc.letrec<{ value: CborValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    integer,
    fc.string({ unit: 'grapheme' }),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie('value'), { maxLength: 30 }),
    fc
      .uniqueArray(fc.tuple(fc.oneof(integer, fc.string()), tie('value')), { selector: ([key]) => key, maxLength: 30 })
      .map((entries) => new Map(entries) as CborValue),
    fc.tuple(fc.nat(), tie('value')).map(([tag, value]) => new CborTag(tag, value)),
  ),
}));

test('what is encoded decodes to itself, and again to the same bytes', () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const encoded = encodeCbor(value);
      const decoded = decodeCbor(encoded, { maximumDepth: 100 });
      expect(decoded).toEqual(value);
      expect(Buffer.from(encodeCbor(decoded)).equals(encoded)).toBe(true);
    }),
  );
});

test('what decodes is what the encoder would write: one value, one encoding', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), (input) => {
      let decoded: CborValue;
      try {
        decoded = decodeCbor(input);
      } catch (error) {
        expect(error).toMatchObject({ code: 'PALISADE-E001' });
        return;
      }
      expect(Buffer.from(encodeCbor(decoded)).toString('hex')).toBe(Buffer.from(input).toString('hex'));
    }),
    { numRuns: 20_000 },
  );
});

// Examples of RFC 8949, appendix A.
test.each<[string, CborValue]>([
  ['00', 0],
  ['17', 23],
  ['1818', 24],
  ['1903e8', 1000],
  ['1b000000e8d4a51000', 1_000_000_000_000],
  ['3903e7', -1000],
  ['f4', false],
  ['f6', null],
  ['4401020304', Uint8Array.of(1, 2, 3, 4)],
  ['62c3bc', 'ü'],
  ['8301820203820405', [1, [2, 3], [4, 5]]],
  [
    'a201020304',
    new Map([
      [1, 2],
      [3, 4],
    ]),
  ],
  ['d818456449455446', new CborTag(24, bytes('6449455446'))],
])('%s', (hex, value) => {
  expect(decodeCbor(bytes(hex))).toEqual(value);
  expect(Buffer.from(encodeCbor(value)).toString('hex')).toBe(hex);
});

test.each([
  ['nothing', ''],
  ['an integer in more bytes than it needs', '1817'],
  ['an integer in two bytes that fits one', '190017'],
  ['an integer in four bytes that fits two', '1a0000ffff'],
  ['an integer in eight bytes that fits four', '1b00000000ffffffff'],
  ['an integer beyond 2^53', '1bffffffffffffffff'],
  ['a length in more bytes than it needs', '580101'],
  ['a byte string that is longer than the input', '5affffffff'],
  ['a text that is longer than the input', '7b0000ffffffffffff'],
  ['an array that is longer than the input', '9affffffff'],
  ['a map that is longer than the input', 'ba7fffffff'],
  ['an indefinite byte string', '5f4101ff'],
  ['an indefinite text', '7f6161ff'],
  ['an indefinite array', '9f01ff'],
  ['an indefinite map', 'bf0102ff'],
  ['a break', 'ff'],
  ['a key twice', 'a201020103'],
  ['a key that is a list', 'a18001'],
  ['a key without a value', 'a101'],
  ['a float', 'f93c00'],
  ['undefined', 'f7'],
  ['a simple value', 'f8ff'],
  ['a reserved head', '1c'],
  ['text that is not UTF-8', '61ff'],
  ['a surrogate', '63eda080'],
  ['two items', '0000'],
  ['five lists within each other', '818181818180'],
  ['a tag without content', 'd2'],
])('%s is refused', (_name, hex) => {
  expect(() => decodeCbor(bytes(hex))).toThrow(expect.objectContaining({ code: 'PALISADE-E001' }));
});

test('only the outermost map may be indefinite, and only where that is asked for', () => {
  expect(decodeCbor(bytes('bf01a10203ff'), { indefiniteOutermostMap: true })).toEqual(
    new Map([[1, new Map([[2, 3]])]]),
  );
  for (const hex of ['bf01bf0203ffff', 'bf01', 'bf01ff', 'bf0102ff00', 'bf01020103ff', '9fff']) {
    expect(() => decodeCbor(bytes(hex), { indefiniteOutermostMap: true })).toThrow(PalisadeError);
  }
});

test('depth is bounded, not by the stack', () => {
  expect(() => decodeCbor(new Uint8Array(100_000).fill(0x81))).toThrow(PalisadeError);
  expect(() => decodeCbor(new Uint8Array(100_000).fill(0xd2))).toThrow(PalisadeError);
});
