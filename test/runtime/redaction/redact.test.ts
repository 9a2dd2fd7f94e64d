import * as fc from 'fast-check';
import { findEntities, redact, redactRecord } from '../../../runtime/redaction';
import { marked, SAMPLES } from './samples';

test('a record keeps the fields that are listed, and no text of them unredacted', () => {
  const record = {
    note: 'write to jane.doe@acme.org',
    count: 3,
    ok: true,
    nothing: null,
    prompt: 'secret plans',
    nested: { note: 'jane.doe@acme.org' },
  };
  expect(redactRecord(record, ['note', 'count', 'ok', 'nothing', 'nested', 'absent', 'constructor'])).toEqual({
    note: 'write to [EMAIL]',
    count: 3,
    ok: true,
    nothing: null,
  });
  expect(redactRecord(record, [])).toEqual({});
  expect(redactRecord(Object.create({ inherited: 'text' }), ['inherited'])).toEqual({});
});

test('blanks and hyphens of type-setters change nothing, and places are those of the original', () => {
  const text = 'IBAN DE89\u00a03704\u202f0044\u20090532\u00a00130\u00a000, card 4111\u20111111\u20111111\u20111111';
  expect(redact(text)).toEqual({
    text: 'IBAN [IBAN], card [CARD]',
    entities: [
      { type: 'IBAN', start: 5, end: 32 },
      { type: 'CARD', start: 34 + 5, end: 34 + 24 },
    ],
  });
  expect(redact('caf\u00e9 \u2013 \u00a0 na\u00efve \u2014 \ud83d\ude00').text).toBe(
    'caf\u00e9 \u2013 \u00a0 na\u00efve \u2014 \ud83d\ude00',
  );
});

test('digits and signs in full width are read as plain ones', () => {
  const wide = (text: string) => text.replace(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0));
  const text = `\u9023\u7d61\u5148 ${wide('jane@acme.org')} / ${wide('4111111111111111')} / ${wide('+41')} 44 668 18 00`;
  expect(redact(text).text).toBe('\u9023\u7d61\u5148 [EMAIL] / [CARD] / [PHONE]');
  expect(redact(wide('nobody: 12')).text).toBe(wide('nobody: 12'));
});

test('fields of a table and escaped line breaks part what stands in them', () => {
  expect(redact('7,4111111111111111,123,+41446681800,Jane,202-555-0147,42').text).toBe(
    '7,[CARD],123,[PHONE],Jane,[PHONE],42',
  );
  expect(redact('{"body":"card\\n4111 1111 1111 1111\\tmail\\njane@acme.org"}').text).toBe(
    '{"body":"card\\n[CARD]\\tmail\\n[EMAIL]"}',
  );
  expect(redact('call for 1 234 567,89 or 12,345,678').entities).toEqual([]);
});

test('letters that grow when they are made small do not move places', () => {
  const grows = '\u0130'.repeat(400);
  expect(redact(`${grows} PASSWORD=letmein ${grows}`).text).toBe(`${grows} PASSWORD=[SECRET] ${grows}`);
});

test('numbers close to each other are found whole', () => {
  expect(redact('Mobile: 0688 843 79 56\nDesk: (898)666-3621x0135\nFax: +46 (0)157 548 89').text).toBe(
    'Mobile: [PHONE]\nDesk: [PHONE]\nFax: [PHONE]',
  );
  expect(redact('655 437 108 office\n+46 (0)179 459 33 fax\n+41 (0)38 549 02 90 mobile').text).toBe(
    '[PHONE] office\n[PHONE] fax\n[PHONE] mobile',
  );
});

test('samples next to each other are all found', () => {
  const samples = SAMPLES.filter(({ type }) => !['BANK_ACCOUNT', 'ROUTING_NUMBER'].includes(type));
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...samples), { minLength: 2, maxLength: 5 }), (some) => {
      const filler = '\nand then nothing at all happened for quite a while, as the old chronicle has it\n';
      let text = '';
      const expected: { type: string; start: number; end: number }[] = [];
      for (const sample of some) {
        const { text: piece, start, end } = marked(sample);
        expected.push({ type: sample.type, start: text.length + start, end: text.length + end });
        text += piece + filler;
      }
      expect(findEntities(text)).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

test('whatever comes: entities are in the text, in order and apart; redacting again finds no more than masks', () => {
  const pieces = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom(...SAMPLES.map((sample) => marked(sample).text)),
    fc.stringMatching(/^[0-9 .()+/@:-]{0,24}$/),
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 8 }), (all) => {
      const text = all.join('');
      const { text: masked, entities } = redact(text);
      let rebuilt = '';
      let from = 0;
      for (const { type, start, end } of entities) {
        expect(start).toBeGreaterThanOrEqual(from);
        expect(end).toBeGreaterThan(start);
        rebuilt += `${text.slice(from, start)}[${type}]`;
        from = end;
      }
      expect(from).toBeLessThanOrEqual(text.length);
      expect(masked).toBe(rebuilt + text.slice(from));
    }),
    { numRuns: 300 },
  );
});
