import type { GraphResource } from '../../../analysis';
import { asList, valueAt } from '../../expect';

/** A policy document in a resource, with its property path. */
export interface PlacedDocument {
  readonly at: string;
  readonly document: unknown;
}

/** Types that hold policies of identities: in a list of their own, or as one document. */
export const POLICY_HOLDERS: readonly string[] = [
  'AWS::IAM::Group',
  'AWS::IAM::GroupPolicy',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::IAM::RolePolicy',
  'AWS::IAM::User',
  'AWS::IAM::UserPolicy',
];

/** What a rule claims in policies of identities, as paths below the document: in one of its own, and in those of a list. */
export function inDocuments(...paths: readonly string[]): string[] {
  return paths.flatMap((path) => [`PolicyDocument.${path}`, `Policies.*.PolicyDocument.${path}`]);
}

/** Every policy document that a resource holds and that grants something to an identity. */
export function documentsOf({ properties: { Policies, PolicyDocument } }: GraphResource): PlacedDocument[] {
  return [
    ...(PolicyDocument === undefined ? [] : [{ at: 'PolicyDocument', document: PolicyDocument }]),
    ...asList(Policies).map((policy, index) => ({
      at: `Policies.${index}.PolicyDocument`,
      document: valueAt(policy, 'PolicyDocument'),
    })),
  ];
}
