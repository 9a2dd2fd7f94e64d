import { type GraphResource, Opaque, valueOfJson } from '../../../analysis';
import { propertyOf } from '../../expect';
import { type Statement, statementsOf } from '../../statements';

/** Where a model package group has its resource policy. */
export const GROUP_POLICY = 'ModelPackageGroupPolicy';

/** Statements of the policy, which CloudFormation takes as an object or as its JSON text; `Opaque` where only a deployment knows it. */
export function groupStatements(group: GraphResource): readonly Statement[] | Opaque {
  const policy = valueOfJson(propertyOf(group, GROUP_POLICY));
  return policy instanceof Opaque ? policy : statementsOf(policy);
}
