import { findEntities, RECOGNIZERS, redact } from '../../../runtime/redaction';
import type { Recognizer } from '../../../runtime/redaction/entity';
import { Sight } from '../../../runtime/redaction/sight';
import { marked, SAMPLES } from './samples';

describe('each type is found where it is, and not where it is not', () => {
  for (const sample of SAMPLES) {
    const { text, start, end } = marked(sample);
    test(`${sample.type} ${text.slice(0, 50)}`, () => {
      expect(findEntities(text)).toEqual([{ type: sample.type, start, end }]);
      expect(redact(text).text).toBe(`${text.slice(0, start)}[${sample.type}]${text.slice(end)}`);
      expect(redact(sample.miss)).toEqual({ text: sample.miss, entities: [] });
    });
  }
});

/** What one recognizer alone finds. */
function foundBy({ places, pattern, accept }: Recognizer, text: string): string[] {
  const sight = new Sight(text);
  return places(sight).flatMap(({ start, end }) => {
    const found: string[] = [];
    pattern.lastIndex = start;
    for (let match = pattern.exec(text.slice(0, end)); match; match = pattern.exec(text.slice(0, end))) {
      const value = match.groups?.entity ?? match[0];
      const until = match.index + match[0].length;
      const accepted = accept?.({ text, value, start: until - value.length, end: until }) ?? true;
      if (accepted) {
        found.push(accepted === true ? value : value.slice(0, accepted));
      }
    }
    return found;
  });
}

test('no recognizer can go: each has a sample that no other finds', () => {
  const finders = SAMPLES.map((sample) => {
    const { text, start, end } = marked(sample);
    return RECOGNIZERS.filter((recognizer) => foundBy(recognizer, text).includes(text.slice(start, end)));
  });
  const needed = new Set(finders.filter((all) => all.length === 1).flat());
  expect(
    RECOGNIZERS.filter((recognizer) => !needed.has(recognizer)).map(({ type, pattern }) => `${type} ${pattern}`),
  ).toEqual([]);
});
