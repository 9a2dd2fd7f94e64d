import * as fs from 'node:fs';
import * as path from 'node:path';
import { redact } from '../../../runtime/redaction';

/** Labelled sentences of presidio-research; kept beside the project. */
const DATA = path.join(__dirname, '../../../../shared/data/pii/presidio-synth-dev.json');

interface Sentence {
  readonly full_text: string;
  readonly spans: readonly { entity_type: string; start_position: number; end_position: number }[];
}

/** What is structured; names, organisations, addresses, ages and dates are not claimed. */
const STRUCTURED = [
  'CREDIT_CARD',
  'DOMAIN_NAME',
  'EMAIL_ADDRESS',
  'IBAN_CODE',
  'IP_ADDRESS',
  'PHONE_NUMBER',
  'US_DRIVER_LICENSE',
  'US_SSN',
];

describe('sentences of presidio-research', () => {
  const present = fs.existsSync(DATA);
  if (!present) {
    console.log(`Labelled sentences are not in ${DATA}: only the project's own are tested`);
  }
  const sentences: Sentence[] = present ? JSON.parse(fs.readFileSync(DATA, 'utf8')) : [];

  (present ? test : test.skip)('at least 97 % of what is structured is masked', () => {
    const all = sentences.flatMap(({ full_text, spans }) => {
      const { entities } = redact(full_text);
      return spans
        .filter(({ entity_type }) => STRUCTURED.includes(entity_type))
        .map(({ start_position, end_position }) =>
          entities.some(({ start, end }) => start <= start_position && end >= end_position),
        );
    });
    expect(all.length).toBeGreaterThan(100);
    expect(all.filter(Boolean).length / all.length).toBeGreaterThanOrEqual(0.97);
  });

  (present ? test : test.skip)('a sentence without entities stays as it is', () => {
    const free = sentences.filter(({ spans }) => spans.length === 0).map(({ full_text }) => full_text);
    expect(free.length).toBeGreaterThan(40);
    expect(free.map((text) => redact(text).text)).toEqual(free);
  });
});
