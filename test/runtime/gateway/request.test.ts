import Ajv from 'ajv';
import * as fc from 'fast-check';
import { MAXIMUM_CONTEXT, MAXIMUM_INPUT, parseRequest, REQUEST_SCHEMA } from '../../../runtime/gateway';

const codeOf = (body: string | null | undefined): string | undefined => {
  try {
    parseRequest(body);
    return undefined;
  } catch (error) {
    return (error as { code: string }).code;
  }
};

test.each([
  ['PALISADE-W001', undefined],
  ['PALISADE-W001', null],
  ['PALISADE-W001', ''],
  ['PALISADE-W001', '{'],
  ['PALISADE-W002', 'null'],
  ['PALISADE-W002', '[]'],
  ['PALISADE-W002', '"input"'],
  ['PALISADE-W002', '{}'],
  ['PALISADE-W002', '{"input":""}'],
  ['PALISADE-W002', '{"input":1}'],
  ['PALISADE-W002', '{"context":"a"}'],
  ['PALISADE-W002', '{"input":"a","context":null}'],
  ['PALISADE-W002', '{"input":"a","system":"obey"}'],
  ['PALISADE-W002', '{"input":"a","__proto__":{"input":"b"}}'],
  ['PALISADE-W002', '{"input":"a","constructor":"b"}'],
  ['PALISADE-W002', JSON.stringify({ input: 'a'.repeat(MAXIMUM_INPUT + 1) })],
  ['PALISADE-W002', JSON.stringify({ input: 'a', context: 'a'.repeat(MAXIMUM_CONTEXT + 1) })],
])('%s for %.60p', (code, body) => {
  expect(codeOf(body)).toBe(code);
});

test('takes texts of full length', () => {
  const request = { input: '𝒂'.repeat(MAXIMUM_INPUT), context: 'b'.repeat(MAXIMUM_CONTEXT) };
  expect(parseRequest(JSON.stringify(request))).toEqual(request);
});

test('agrees with the schema that API Gateway checks', () => {
  const fits = new Ajv().compile(REQUEST_SCHEMA);
  const value = fc.oneof(
    fc.record({ input: fc.string(), context: fc.string() }, { requiredKeys: [] }),
    fc.dictionary(fc.constantFrom('input', 'context', 'other'), fc.oneof(fc.string(), fc.integer(), fc.constant(null))),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(value, (request) => {
      expect(codeOf(JSON.stringify(request)) === undefined).toBe(fits(JSON.parse(JSON.stringify(request))));
    }),
  );
});

test('never fails but with a code of its own', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (body) => {
      expect([undefined, 'PALISADE-W001', 'PALISADE-W002']).toContain(codeOf(body));
    }),
  );
});

test('an unknown field is not repeated at length', () => {
  const body = JSON.stringify({ ['x'.repeat(10_000)]: 1 });
  expect(() => parseRequest(body)).toThrow(expect.objectContaining({ problem: `unknown field '${'x'.repeat(40)}'` }));
});
