import fc from 'fast-check';
import { controlChart } from '../../../runtime/drift/chart';

test('text is escaped, and control characters are gone', () => {
  const svg = controlChart('<a href="x">&\u0000\u202e', [{ title: '<script>', points: [], lines: [] }]);
  expect(svg).toContain('<title>&lt;a href=&quot;x&quot;&gt;&amp;  </title>');
  expect(svg).not.toContain('<script');
});

test('any numbers give finite places', () => {
  const value = fc.double({ min: -1e150, max: 1e150, noNaN: true });
  const point = fc.record({ label: fc.string(), value, kind: fc.constantFrom('learned', 'judged', 'alarm') });
  const line = fc.record({ at: value, label: fc.string(), limit: fc.boolean() });
  fc.assert(
    fc.property(fc.array(point), fc.array(line, { maxLength: 4 }), (points, lines) => {
      expect(controlChart('t', [{ title: 'p', points: points as never, lines }])).not.toMatch(
        /"[^"]*(NaN|Infinity)[^"]*"/,
      );
    }),
  );
});
