import * as fc from 'fast-check';
import { cidrProblem, parseCidr } from '../../../constructs/isolated-network/cidr';

const address = fc.nat(2 ** 32 - 1);

function write(first: number, prefix: number): string {
  return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.')}/${prefix}`;
}

test('reads back every range that is written', () => {
  fc.assert(
    fc.property(address, fc.nat(32), (any, prefix) => {
      const size = 2 ** (32 - prefix);
      const first = any - (any % size);
      expect(parseCidr(write(first, prefix))).toEqual({ first, last: first + size - 1, prefix });
    }),
  );
});

test('reads nothing that has bits beyond its prefix', () => {
  fc.assert(
    fc.property(address, fc.nat(31), (any, prefix) => {
      fc.pre(any % 2 ** (32 - prefix) !== 0);
      expect(parseCidr(write(any, prefix))).toBeUndefined();
    }),
  );
});

test('never throws, whatever it is given', () => {
  fc.assert(fc.property(fc.string(), (text) => parseCidr(text) === undefined || text.includes('/')));
});

test.each(['10.0.0.0/16', '172.16.0.0/16', '172.31.0.0/20', '192.168.0.0/22', '10.255.255.0/24'])(
  'takes %s',
  (range) => {
    expect(cidrProblem(range, 2, 40)).toBeUndefined();
  },
);

test.each([
  ['10.0.0.0', /not an IPv4 range/],
  ['10.0.0.1/16', /not an IPv4 range/],
  ['10.0.0.256/32', /not an IPv4 range/],
  ['fd00::/16', /not an IPv4 range/],
  ['11.0.0.0/16', /RFC 1918/],
  ['172.32.0.0/16', /RFC 1918/],
  ['172.17.0.0/16', /172\.17\.0\.0/],
  ['172.17.128.0/20', /172\.17\.0\.0/],
  ['10.0.0.0/8', /prefix of \/8/],
  ['10.0.0.0/29', /prefix of \/29/],
  ['10.0.0.0/26', /leaves 27 addresses in each of 2/],
])('refuses %s', (range, problem) => {
  expect(cidrProblem(range, 2, 40)).toMatch(problem);
});

test('three zones take a quarter each', () => {
  expect(cidrProblem('10.0.0.0/25', 2, 59)).toBeUndefined();
  expect(cidrProblem('10.0.0.0/25', 3, 59)).toMatch(/leaves 27/);
});
