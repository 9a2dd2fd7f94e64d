import fc from 'fast-check';
import { isServiceAbsent, partitionOf } from '../../../lib/manifest';
import { isPrivate, overlaps, parseCidr } from '../../../lib/manifest/cidr';
import { daysBetween } from '../../../lib/manifest/dates';
import { nearest } from '../../../lib/manifest/nearest';
import { samePerson } from '../../../lib/manifest/people';

describe('network ranges', () => {
  test('are read as first address and size', () => {
    expect(parseCidr('10.0.16.0/20')).toEqual({ first: 0x0a001000, size: 4096 });
  });

  test.each(['10.0.0.0', '10.0.0.0/33', '10.0.0.256/32', '10.0.0.1/24', ' 10.0.0.0/8', '10.0.0.0/8\n', '::/0'])(
    '%p is none',
    (text) => {
      expect(parseCidr(text)).toBeUndefined();
    },
  );

  test('overlap when one holds an address of the other', () => {
    const range = fc
      .tuple(fc.nat({ max: 0xffff }), fc.integer({ min: 0, max: 8 }))
      .map(([start, bits]) => ({ first: Math.floor(start / 2 ** bits) * 2 ** bits, size: 2 ** bits }));
    fc.assert(
      fc.property(range, range, (one, other) => {
        const addresses = Array.from({ length: one.size }, (_, index) => one.first + index);
        const shared = addresses.some((address) => address >= other.first && address < other.first + other.size);
        expect(overlaps(one, other)).toBe(shared);
      }),
    );
  });

  test.each([
    ['172.16.0.0/12', true],
    ['172.32.0.0/16', false],
    ['192.168.255.0/24', true],
    ['10.0.0.0/7', false],
  ])('%s is private: %p', (text, expected) => {
    const range = parseCidr(text);
    expect(range !== undefined && isPrivate(range)).toBe(expected);
  });
});

describe('Regions', () => {
  test.each([
    ['eu-west-1', 'aws'],
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['us-isob-east-1', 'aws-iso-b'],
    ['eusc-de-east-1', 'aws-eusc'],
  ])('%s is in %s', (region, partition) => {
    expect(partitionOf(region)).toBe(partition);
  });

  test('only certain absences are named', () => {
    expect(isServiceAbsent('bedrock', 'cn-northwest-1')).toBe(true);
    expect(isServiceAbsent('bedrock', 'ap-east-1')).toBe(true);
    expect(isServiceAbsent('sagemaker', 'cn-north-1')).toBe(false);
    expect(isServiceAbsent('bedrock', 'xx-future-1')).toBe(false);
  });
});

describe('words', () => {
  test.each([
    ['hyperparametres', 'hyperparameters'],
    ['Stages', 'stages'],
    ['zzz', undefined],
    ['x'.repeat(1000), undefined],
  ])('%p is nearest to %p', (word, expected) => {
    expect(nearest(word, ['hyperparameters', 'stages'])).toBe(expected);
  });
});

test('a subaddress is the same person', () => {
  expect(samePerson('Jane+owner@example.com', 'jane@example.com')).toBe(true);
  expect(samePerson('jane@example.com', 'jane@example.org')).toBe(false);
});

test('days are counted over leap days and summer time', () => {
  expect(daysBetween('2028-02-28', '2028-03-01')).toBe(2);
  expect(daysBetween('2027-03-27', '2027-03-29')).toBe(2);
  expect(daysBetween('2027-03-29', '2027-03-27')).toBe(-2);
});
