import fc from 'fast-check';
import { profileCsv } from '../../../runtime/training';

async function* stream(text: string | Buffer, size = 3) {
  const content = Buffer.from(text);
  for (let start = 0; start < content.length; start += size) {
    yield content.subarray(start, start + size);
  }
}

function profile(texts: (string | Buffer)[], options = {}) {
  return profileCsv(
    texts.map((text) => stream(text)),
    { where: 'data/', ...options },
  );
}

test('counts records, empty fields, duplicates and classes over several files', async () => {
  const report = await profile(['age,class\r\n41,yes\r\n,no\r\n', 'age,class\n41,yes\n"1,0","n""o"\n'], {
    labelColumn: 'class',
  });
  expect(report).toEqual({
    rows: 4,
    duplicates: 1,
    missing: { age: 1, class: 0 },
    classes: { 'n"o': 1, no: 1, yes: 2 },
  });
});

test('a quoted field may hold a line end, and the last record may lack one', async () => {
  expect(await profile(['a,b\n"x\ny",1\n2,'])).toEqual({ rows: 2, duplicates: 0, missing: { a: 0, b: 1 } });
});

test('a label column that is not there leaves the classes out', async () => {
  expect(await profile(['a\n1\n'], { labelColumn: 'class' })).not.toHaveProperty('classes');
});

test.each([
  ['a record that is too short', ['a,b\n1\n']],
  ['an open quote', ['a\n"1\n']],
  ['a quote inside a field', ['a\n1"2\n']],
  ['text after a quoted field', ['a\n"1"2\n']],
  ['a lone carriage return', ['a\n1\r2\n']],
  ['text that is not UTF-8', [Buffer.from([0x61, 0x0a, 0xff, 0x0a])]],
  ['text that ends inside a character', [Buffer.from([0x61, 0x0a, 0xc3])]],
  ['files with different columns', ['a\n1\n', 'b\n1\n']],
  ['two columns of one name', ['a,a\n1,1\n']],
])('%s is not measured', async (_, texts) => {
  await expect(profile(texts)).rejects.toMatchObject({ code: 'PALISADE-T024' });
});

test('its memory is bounded in records, in their length and in classes', async () => {
  await expect(profile(['a\n1\n2\n'], { maximumRows: 1 })).rejects.toMatchObject({ code: 'PALISADE-T024' });
  await expect(profile(['a\n12345\n'], { maximumRecordLength: 4 })).rejects.toMatchObject({ code: 'PALISADE-T024' });
  const ids = Array.from({ length: 10_001 }, (_, index) => index).join('\n');
  await expect(profile([`id\n${ids}\n`], { labelColumn: 'id' })).rejects.toMatchObject({ code: 'PALISADE-T024' });
});

test('what is written as CSV is read as it was', async () => {
  const field = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' ', 'é') });
  const table = fc.integer({ min: 1, max: 4 }).chain((width) =>
    fc.record({
      rows: fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 20 }),
      width: fc.constant(width),
      chunk: fc.integer({ min: 1, max: 9 }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(table, async ({ rows, width, chunk }) => {
      const columns = Array.from({ length: width }, (_, index) => `c${index}`);
      const quoted = (cells: string[]) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');
      const text = [columns.join(','), ...rows.map(quoted)].join('\n');
      const report = await profileCsv([stream(text, chunk)], { where: 'data/' });
      expect(report.rows).toBe(rows.length);
      expect(report.duplicates).toBe(rows.length - new Set(rows.map((row) => JSON.stringify(row))).size);
      expect(Object.values(report.missing)).toEqual(
        columns.map((_, column) => rows.filter((row) => row[column] === '').length),
      );
    }),
  );
});
