import { cusumLimit, cusumRunLength, oneSidedCusumRunLength } from '../../../../runtime/drift/run-length/cusum';
import { cusumLimitFor, ewmaLimitFor, shewhartLimitFor } from '../../../../runtime/drift/run-length/estimated';
import { ewmaLimit, ewmaRunLength, ewmaRunLengthVarying } from '../../../../runtime/drift/run-length/ewma';
import { shewhartLimit, shewhartRunLength } from '../../../../runtime/drift/run-length/shewhart';
import { expectAgreement, reference, testWith } from '../reference';

type Row<Name extends string> = Record<Name, number>;
interface RunLengths {
  readonly cusum: readonly (Row<'k' | 'h' | 'mu' | 'arl'> & { sided: 'one' | 'two' })[];
  readonly ewma_two_fixed: readonly Row<'lambda' | 'L' | 'mu' | 'arl'>[];
  readonly ewma_two_vacl: readonly Row<'lambda' | 'L' | 'mu' | 'arl'>[];
  readonly 'ewma_L_for_arl0_370.4': readonly Row<'lambda' | 'L'>[];
  readonly 'cusum_two_h_for_arl0_370.4': readonly Row<'k' | 'h'>[];
  readonly shewhart_3sigma: readonly Row<'mu' | 'arl'>[];
}

const spc = reference<{ arl: RunLengths }>('spc-reference', 'spc_reference.json')?.arl;
/** The reference's own quadrature stops there: ours moves no further when its points are doubled. */
const ALMOST_ALL_DIGITS = 2e-8;

testWith(spc, 'average run lengths of 320 CUSUMs are those of R spc', ({ cusum }) => {
  expect(cusum).toHaveLength(320);
  for (const { sided, mu, arl, ...design } of cusum) {
    expectAgreement((sided === 'one' ? oneSidedCusumRunLength : cusumRunLength)(design, mu), arl, ALMOST_ALL_DIGITS);
  }
});

testWith(spc, 'average run lengths of 240 EWMAs with fixed limits are those of R spc', ({ ewma_two_fixed: rows }) => {
  expect(rows).toHaveLength(240);
  for (const { lambda, L: l, mu, arl } of rows) {
    expectAgreement(ewmaRunLength({ lambda, l }, mu), arl, 1e-9);
  }
});

testWith(spc, 'average run lengths of 40 EWMAs with exact limits are those of R spc', ({ ewma_two_vacl: rows }) => {
  expect(rows).toHaveLength(40);
  for (const { lambda, L: l, mu, arl } of rows) {
    expectAgreement(ewmaRunLengthVarying({ lambda, l }, mu), arl, ALMOST_ALL_DIGITS);
  }
});

testWith(spc, 'designs for an average run length of 370.4 are those of R spc', (arl) => {
  for (const { lambda, L } of arl['ewma_L_for_arl0_370.4']) {
    expectAgreement(ewmaLimit(370.4, lambda), L, 1e-9);
  }
  for (const { k, h } of arl['cusum_two_h_for_arl0_370.4']) {
    expectAgreement(cusumLimit(370.4, k), h, 1e-9);
  }
});

testWith(spc, 'average run lengths of a Shewhart chart are exact', ({ shewhart_3sigma: rows }) => {
  for (const { mu, arl } of rows) {
    expectAgreement(shewhartRunLength(3, mu), arl, 1e-13);
  }
});

test('designs and run lengths are inverse to each other', () => {
  for (const arl0 of [50, 370.4, 1000, 10_000]) {
    expectAgreement(shewhartRunLength(shewhartLimit(arl0)), arl0, 1e-12);
    expectAgreement(cusumRunLength({ k: 0.5, h: cusumLimit(arl0, 0.5) }), arl0, 1e-10);
    expectAgreement(ewmaRunLength({ lambda: 0.1, l: ewmaLimit(arl0, 0.1) }), arl0, 1e-10);
  }
});

test('published run lengths: Hawkins and Olwell, Lucas and Saccucci', () => {
  expect(cusumRunLength({ k: 0.5, h: 4 })).toBeCloseTo(167.7, 1);
  expect(cusumRunLength({ k: 0.5, h: 5 }, 1)).toBeCloseTo(10.38, 2);
  expect(ewmaRunLength({ lambda: 0.1, l: 2.814 }, 1)).toBeCloseTo(10.33, 2);
});

test('the shorter the baseline, the wider its limits; a long one has those of known parameters', () => {
  const limits = [
    (rows: number) => cusumLimitFor(370, 1, rows),
    (rows: number) => ewmaLimitFor(370, 0.4, rows),
    (rows: number) => shewhartLimitFor(370, rows),
  ].map((limit) => [20, 100, 20_000].map(limit));
  for (const of of limits) {
    expect(of[0]).toBeGreaterThan(of[1]);
    expect(of[1]).toBeGreaterThan(of[2]);
  }
  expect(limits.map((of) => of[2])).toEqual([cusumLimit(370, 1), ewmaLimit(370, 0.4), shewhartLimit(370)]);
});
