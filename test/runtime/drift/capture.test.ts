import * as fc from 'fast-check';
import { parseCapture } from '../../../runtime/drift/capture';
import { rowsOf } from '../../../runtime/drift/csv';
import { Captures } from '../../../runtime/drift/profile';
import { line } from './captures';

const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64');

test.each([
  [
    'a,b\n1, 2\r\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  ['"a,b","c ""d""",e', [['a,b', 'c "d"', 'e']]],
  ['1,,', [['1', '', '']]],
  ['\n\n1\n\n', [['1']]],
  ['a"b,"open', [['a"b', 'open']]],
  ['"two\nlines",x', [['two\nlines', 'x']]],
  ['', []],
])('%j is read as rows of fields', (text, rows) => {
  expect(rowsOf(text)).toEqual(rows);
});

test('a row that was written is read as it was, whatever is in its fields', () => {
  const field = fc.string({ unit: 'grapheme-ascii' }).map((text) => text.trim());
  fc.assert(
    fc.property(fc.array(field, { minLength: 2, maxLength: 5 }), (row) => {
      const written = row.map((text) => `"${text.replaceAll('"', '""')}"`).join(',');
      expect(rowsOf(written)).toEqual([row]);
    }),
  );
});

test('a request of several rows has as many answers', () => {
  expect(parseCapture(line('1,2\n3,4', '0.1\n0.2'))).toEqual({
    inputs: [
      ['1', '2'],
      ['3', '4'],
    ],
    answers: ['0.1', '0.2'],
  });
  expect(parseCapture(line('1,2\n3,4', '0.1,0.2'))?.answers).toEqual(['0.1', '0.2']);
  expect(parseCapture(line('1,2', '0.7,0.2,0.1'))?.answers).toEqual(['0.7']);
});

test('an answer whose content type SageMaker did not know is read from BASE64', () => {
  const output = { observedContentType: 'text/csv; charset=utf-8', encoding: 'BASE64', data: base64('0.4') };
  expect(parseCapture(line('1', '', { output }))?.answers).toEqual(['0.4']);
});

test.each([
  ['no JSON', '{'],
  ['JSON of something else', 'null'],
  ['a request without an answer', line('1', '2').replace('endpointOutput', 'other')],
  ['an empty answer', line('1', '')],
  ['an encoding that is not known', line('1', '2', { output: { encoding: 'JSON' } })],
  ['a body that is no text', line('1', '2', { input: { observedContentType: 'application/x-image' } })],
  [
    'BASE64 of bytes that are no text',
    line('1', '2', { output: { encoding: 'BASE64', data: base64(Buffer.from([255])) } }),
  ],
  ['a row of more than 1,000 fields', line(','.repeat(1000), '2')],
])('%s is not read', (_, text) => {
  expect(parseCapture(text)).toBeUndefined();
});

test('no line makes the reader throw, and each is counted once', () => {
  const mostly = (usual: fc.Arbitrary<unknown>) =>
    fc.oneof({ weight: 4, arbitrary: usual }, { weight: 1, arbitrary: fc.anything() });
  const side = fc.record(
    {
      observedContentType: mostly(fc.constant('text/csv')),
      encoding: mostly(fc.constantFrom('CSV', 'BASE64')),
      data: mostly(fc.string({ unit: 'binary' })),
    },
    { requiredKeys: ['encoding', 'data'] },
  );
  const shaped = fc.record({ captureData: fc.record({ endpointInput: side, endpointOutput: side }) });
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    shaped.map((value) => JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? String(part) : part))),
  );
  let readable = 0;
  fc.assert(
    fc.property(fc.array(text), (all) => {
      const captures = new Captures();
      for (const one of all) {
        captures.add(one);
      }
      const profile = captures.profile();
      expect(profile.requests).toBe(all.length);
      expect(profile.unreadable).toBeLessThanOrEqual(all.length);
      readable += profile.requests - profile.unreadable;
    }),
    { numRuns: 500 },
  );
  expect(readable).toBeGreaterThan(0);
});
