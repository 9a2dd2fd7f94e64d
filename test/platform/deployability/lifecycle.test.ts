import type { TemplateResource } from '../../../lib/analysis';
import { graphOf, manifestsWith, synthesize } from '../support';
import { collidingAfterDeletion, lostResources } from './checks/lifecycle';

const { graph } = synthesize();

test('a stack that was deleted can be deployed again', () => {
  expect(graph.resources.some(({ template }) => template.DeletionPolicy === 'Retain')).toBe(true);
  expect(collidingAfterDeletion(graph)).toEqual([]);
});

/** Decisions that change over the life of a platform, none of which may cost it its data. */
const CHANGES: [string, Record<string, (text: string) => string>][] = [
  [
    'periods',
    {
      'organization.yaml': (text) =>
        text
          .replace('logDays: 400', 'logDays: 731')
          .replace('quarantineDays: 30', 'quarantineDays: 14')
          .replace('datasetNoncurrentDays: 90', 'datasetNoncurrentDays: 60'),
      'systems/credit-scoring.yaml': (text) => text.replace('retentionDays: 1096', 'retentionDays: 1461'),
    },
  ],
  [
    'people and purposes',
    {
      'organization.yaml': (text) => text.replace('name: Example Bank', 'name: Example Bank plc'),
      'systems/credit-scoring.yaml': (text) =>
        text.replace('owner: lending.models@', 'owner: new.owner@').replace('name: Credit scoring', 'name: Scoring'),
    },
  ],
  [
    'capacity and impact',
    {
      'systems/credit-scoring.yaml': (text) => text.replace('maxCapacity: 6', 'maxCapacity: 8'),
      'systems/support-assistant.yaml': (text) => text.replace('privacy: 2', 'privacy: 1'),
    },
  ],
];

test.each(CHANGES)('a change of %s replaces no data, key or log', (_, edits) => {
  expect(lostResources(graph, synthesize(manifestsWith(edits)).graph)).toEqual([]);
});

const bucket = (properties: object = {}): TemplateResource => ({
  Type: 'AWS::S3::Bucket',
  DeletionPolicy: 'Retain',
  Properties: { ...properties },
});

test('a deleted, a renamed and a retyped resource are found', () => {
  const before = graphOf({ Gone: bucket(), Named: bucket({ BucketName: 'a' }), Same: bucket(), Other: bucket() });
  const after = graphOf({ Named: bucket({ BucketName: 'b' }), Same: bucket(), Other: { Type: 'AWS::SNS::Topic' } });
  expect(lostResources(before, after)).toEqual([
    'broken/Gone: would be deleted',
    'broken/Named: would be replaced: BucketName changes',
    'broken/Other: would be deleted',
  ]);
});

test('a retained resource with a fixed name is found, one named after another resource or the stack is not', () => {
  const broken = graphOf({
    Fixed: bucket({ BucketName: 'evidence' }),
    ByStage: bucket({ BucketName: { 'Fn::Join': ['-', ['evidence', { Ref: 'AWS::Region' }]] } }),
    ByApi: { Type: 'AWS::Logs::LogGroup', DeletionPolicy: 'Retain', Properties: { LogGroupName: { Ref: 'Fixed' } } },
    ByStack: {
      Type: 'AWS::Logs::LogGroup',
      DeletionPolicy: 'Retain',
      Properties: { LogGroupName: { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] } },
    },
    Deleted: { ...bucket({ BucketName: 'scratch' }), DeletionPolicy: 'Delete' },
  });
  expect(collidingAfterDeletion(broken)).toEqual([
    "broken/Fixed: stays as 'evidence' after deletion",
    "broken/ByStage: stays as 'evidence-eu-west-1' after deletion",
  ]);
});
