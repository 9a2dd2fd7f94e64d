import * as fc from 'fast-check';
import { blocks, onlyMasked } from '../../../lambda/inference-gateway/only-masked';

const masked = { sensitiveInformationPolicy: { piiEntities: [{ type: 'EMAIL', match: 'a@b', action: 'ANONYMIZED' }] } };
const blocked = { contentPolicy: { filters: [{ type: 'PROMPT_ATTACK', confidence: 'HIGH', action: 'BLOCKED' }] } };
const nothing = { topicPolicy: { topics: [{ name: 'Law', type: 'DENY', action: 'NONE' }] } };

test.each<[boolean, unknown]>([
  [true, [masked]],
  [true, [masked, nothing]],
  [true, [undefined, { 'guardrail-id': [masked] }]],
  [false, [masked, blocked]],
  [false, [blocked]],
  [false, [nothing]],
  [false, []],
  [false, undefined],
  [false, [{ newPolicy: [{ action: 'REDIRECTED' }] }, masked]],
])('%p for %j', (expected, assessments) => {
  expect(onlyMasked(assessments)).toBe(expected);
});

test('masking and nothing at all do not block', () => {
  expect([[masked, nothing], [], undefined].map(blocks)).toEqual([false, false, false]);
});

test('whatever else is in an assessment, an action that is not known blocks', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string(), (rest, action) => {
      fc.pre(action !== 'ANONYMIZED' && action !== 'NONE');
      expect(onlyMasked([rest, masked, { anyPolicy: [{ action }] }])).toBe(false);
      expect(blocks([rest, { anyPolicy: [{ action }] }])).toBe(true);
    }),
  );
});
