import * as fc from 'fast-check';
import type { RequestHead } from '../../../runtime/enclave-channel';
import {
  readAnswerHead,
  readRequestHead,
  writeAnswerHead,
  writeRequestHead,
} from '../../../runtime/enclave-channel/head';

const HEAD: RequestHead = {
  method: 'POST',
  path: '/v1/chat/completions?x=1',
  headers: { accept: 'text/event-stream' },
  attestation: 'ab'.repeat(32),
};
const read = (text: string) => readRequestHead(new TextEncoder().encode(text));
const said = (head: unknown) => () => writeRequestHead(head as RequestHead);
const E210 = expect.objectContaining({ code: 'PALISADE-E210' });

test('heads come out as they went in', () => {
  expect(readRequestHead(writeRequestHead(HEAD))).toEqual(HEAD);
  const answer = { status: 429, headers: { 'content-type': 'application/json' } };
  expect(readAnswerHead(writeAnswerHead(answer))).toEqual(answer);
});

test.each([
  ['a path to another host', { path: '//elsewhere/' }],
  ['a path to another host for URL parsers', { path: '/\\elsewhere/' }],
  ['a path that is none', { path: 'invocations' }],
  ['a path with a line break', { path: '/a\r\nHost: b' }],
  ['a method that is none', { method: 'CONNECT' }],
  ['a header with a line break', { headers: { accept: 'a\r\nb: c' } }],
  ["a caller's credentials", { headers: { authorization: 'Bearer x' } }],
  ['a digest that is none', { attestation: 'ab' }],
  ['what nobody knows', { extra: true }],
])('%s is refused on both sides', (_name, change) => {
  expect(said({ ...HEAD, ...change })).toThrow(E210);
  const text = JSON.stringify({ ...JSON.parse(new TextDecoder().decode(writeRequestHead(HEAD))), ...change });
  expect(() => read(text)).toThrow(E210);
});

test.each([
  ['white space', '{"headers":{}, "method":"GET","path":"/"}'],
  ['another order', '{"method":"GET","headers":{},"path":"/"}'],
  ['a name twice', '{"headers":{},"headers":{},"method":"GET","path":"/"}'],
  ['another escape', '{"headers":{},"method":"GET","path":"\\u002f"}'],
  ['a byte order mark', '\uFEFF{"headers":{},"method":"GET","path":"/"}'],
  ['headers of another prototype', '{"headers":{"__proto__":"x"},"method":"GET","path":"/"}'],
])('%s is not the text of a head', (_name, text) => {
  expect(() => read(text)).toThrow(E210);
});

test.each([100, 199, 600, 200.5, '200'])('status %p is none', (status) => {
  expect(() => writeAnswerHead({ status: status as number, headers: {} })).toThrow(E210);
});

test('any bytes are read as a head or refused with its code', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        fc.json().map((text) => new TextEncoder().encode(text)),
      ),
      (bytes) => {
        for (const parse of [readRequestHead, readAnswerHead]) {
          expect(() => parse(bytes)).toThrow(E210);
        }
      },
    ),
  );
});
