import { Opaque, perResource } from '../../../analysis';
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
export const documentsOf = perResource(({ Policies, PolicyDocument }): readonly PlacedDocument[] => [
  ...(PolicyDocument === undefined ? [] : [{ at: 'PolicyDocument', document: PolicyDocument }]),
  ...(Policies instanceof Opaque ? [{ at: 'Policies', document: Policies }] : asList(Policies).map(inlineDocument)),
]);

function inlineDocument(policy: unknown, index: number): PlacedDocument {
  return { at: `Policies.${index}.PolicyDocument`, document: valueAt(policy, 'PolicyDocument') };
}
