import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { receipt, receiptCommand } from '../../bin/commands/attest-receipt';
import { UsageError } from '../../bin/commands/command';
import { exchange, NOW, PCR0, REQUEST, RESPONSE } from '../runtime/receipt/exchange';

// Sources name what they import dynamically as the build does: with .js.
jest.mock('../../runtime/receipt/index.js', () => jest.requireActual('../../runtime/receipt'), { virtual: true });
jest.mock('../../runtime/attestation/index.js', () => jest.requireActual('../../runtime/attestation'), {
  virtual: true,
});
jest.mock('../../runtime/errors.js', () => jest.requireActual('../../runtime/errors'), { virtual: true });

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'palisade-receipt-'));
const file = (name: string, content?: string | Uint8Array): string => {
  const place = path.join(scratch, name);
  if (content !== undefined) {
    fs.writeFileSync(place, content);
  }
  return place;
};
const at = ['--attestation', file('document.bin')];
const bodies = ['--request', file('request.json'), '--response', file('response.json')];
let output: string[];
let command = receipt;

beforeAll(async () => {
  const { nitro, document, text } = await exchange();
  command = receiptCommand(nitro.rootDer);
  file('receipt.json', `${text}\n`);
  file('document.bin', document);
  file('request.json', REQUEST);
  file('response.json', RESPONSE);
});
beforeEach(() => {
  output = [];
  const write = (line: string) => {
    output.push(line);
  };
  jest.spyOn(console, 'log').mockImplementation(write);
  jest.spyOn(console, 'error').mockImplementation(write);
});
afterEach(() => jest.restoreAllMocks());
afterAll(() => fs.rmSync(scratch, { recursive: true }));

test('a receipt holds for its document and bodies, years later', async () => {
  expect(await command.run([file('receipt.json'), ...at, ...bodies, '--pcr', `0=${PCR0}`])).toBe(0);
  expect(output.join('\n')).toMatch(/^valid: [\s\S]*as asked for[\s\S]*POST \/invocations \w+ \(as given\)/);
});

test('what was not compared is said', async () => {
  expect(await command.run([file('receipt.json'), ...at])).toBe(0);
  expect(output.join('\n')).toMatch(/any image would pass[\s\S]*not compared[\s\S]*not compared/);
  expect(await command.run([file('receipt.json'), ...at, '--json', '--response', file('response.json')])).toBe(0);
  expect(JSON.parse(output[1])).toMatchObject({
    valid: true,
    compared: { measurements: false, request: false, response: true },
    statement: { system: 'clinical-notes' },
  });
});

test.each([
  ['for another answer', ['--response', file('request.json')], 'PALISADE-E255'],
  ['for another question', ['--request', file('response.json')], 'PALISADE-E254'],
  ['for another image', ['--pcr', `0=${PCR0.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))}`], 'PALISADE-E013'],
  ['when the certificate has ended', ['--at', new Date(NOW + 90_000_000).toISOString()], 'PALISADE-E009'],
])('it does not hold %s', async (_name, options, code) => {
  expect(await command.run([file('receipt.json'), ...at, ...options, '--json'])).toBe(1);
  expect(JSON.parse(output[0])).toMatchObject({ valid: false, code });
});

test('it does not hold against the root of AWS, which the command always takes', async () => {
  expect(await receipt.run([file('receipt.json'), ...at])).toBe(1);
  expect(output[0]).toMatch(/^PALISADE-E00\d /);
});

test('what is no receipt is refused with its code', async () => {
  expect(await command.run([file('request.json'), ...at])).toBe(1);
  expect(output[0]).toMatch(/^PALISADE-E250 /);
});

test.each([
  ['no receipt', at],
  ['no document', [file('receipt.json')]],
  ['a receipt that is not there', ['nowhere.json', ...at]],
  ['a body that is not there', [file('receipt.json'), ...at, '--request', 'nowhere.json']],
  ['a time that is none', [file('receipt.json'), ...at, '--at', 'yesterday']],
  ['a measurement that is none', [file('receipt.json'), ...at, '--pcr', '0=abcd']],
  ['an option that nobody knows', [file('receipt.json'), ...at, '--root', 'x']],
])('%s is wrong usage', async (_name, args) => {
  await expect(command.run(args)).rejects.toThrow(UsageError);
});
