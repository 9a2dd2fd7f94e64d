import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

const PALISADE = path.join(__dirname, '../../dist/bin/palisade.js');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'palisade-redact-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const redact = (args: string[], input = '') => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PALISADE, 'redact', ...args], {
    cwd: folder,
    encoding: 'utf8',
    input,
  });
  return { status, lines: stdout.split('\n').filter(Boolean), stderr };
};

test('each line gives one, in order, with masks and places', () => {
  const input = [
    { id: 'a', text: 'write to jane.doe@acme.org' },
    { id: 2, text: 'nothing here' },
    { id: 'c', text: 'caf\u00e9 4111 1111 1111 1111' },
  ];
  const { status, lines, stderr } = redact([], `${input.map((item) => JSON.stringify(item)).join('\n')}\n\n`);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { id: 'a', text: 'write to [EMAIL]', entities: [{ type: 'EMAIL', start: 9, end: 26 }] },
    { id: 2, text: 'nothing here', entities: [] },
    { id: 'c', text: 'caf\u00e9 [CARD]', entities: [{ type: 'CARD', start: 5, end: 24 }] },
  ]);
  fs.writeFileSync(path.join(folder, 'texts.jsonl'), input.map((item) => JSON.stringify(item)).join('\n'));
  expect(redact(['texts.jsonl'])).toEqual({ status, lines, stderr });
});

test('ten thousand lines', () => {
  const { status, lines } = redact(
    [],
    Array.from(
      { length: 10_000 },
      (_, id) => `${JSON.stringify({ id, text: `call +41 44 668 18 ${10 + (id % 90)}` })}\n`,
    ).join(''),
  );
  expect(status).toBe(0);
  expect(lines.length).toBe(10_000);
  expect(lines.at(-1)).toBe('{"id":9999,"text":"call [PHONE]","entities":[{"type":"PHONE","start":5,"end":21}]}');
});

test('a byte order mark, line breaks of Windows and empty lines change nothing', () => {
  const { status, lines } = redact([], '\ufeff{"id":0,"text":"x"}\r\n\r\n{"id":"\\u0438","text":"y"}');
  expect({ status, lines }).toEqual({
    status: 0,
    lines: ['{"id":0,"text":"x","entities":[]}', '{"id":"\u0438","text":"y","entities":[]}'],
  });
});

test('an answer is one line to any reader', () => {
  const text = 'a\u0085b\u2028c\u2029d';
  const { lines } = redact([], JSON.stringify({ id: text, text }));
  expect(lines).toEqual([expect.not.stringMatching(/[\u0085\u2028\u2029]/)]);
  expect(JSON.parse(lines[0])).toEqual({ id: text, text, entities: [] });
});

test('what is wrong ends with 2 and its line; lines before it are answered', () => {
  for (const line of [
    '{"id":1',
    '[]',
    '{"id":1}',
    '{"text":"x"}',
    '{"id":12345678901234567890,"text":"x"}',
    '{"id":1,"text":5}',
  ]) {
    const { status, lines, stderr } = redact([], `{"id":0,"text":"x"}\n${line}\n`);
    expect({ line, status, answered: lines.length }).toEqual({ line, status: 2, answered: 1 });
    expect(stderr).toMatch(/^PALISADE-W150 standard input:2\n/);
  }
  for (const file of ['none.jsonl', '.']) {
    expect(redact([file])).toMatchObject({ status: 2, stderr: expect.stringMatching(/^PALISADE-W151 /) });
  }
  expect(redact(['a', 'b']).status).toBe(2);
});
