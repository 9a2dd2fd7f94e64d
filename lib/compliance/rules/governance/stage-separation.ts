import type { GraphResource, TemplateGraph } from '../../../analysis';
import { rule } from '../../define-rule';
import { violation } from '../../expect';
import { ERROR_FROM_LIMITED, type Verdict, type Violation } from '../../rule';
import { INFERENCE_TYPES, sharingOf, USER_TYPES, type Use, type Users } from './shared-parts';

/** Stages share nothing, and neither do training and inference: no VPC, role, key or bucket serves both. */
export const governanceStageSeparation = rule({
  id: 'GovernanceStageSeparation',
  scope: 'ai',
  appliesTo: USER_TYPES,
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5', 'A.6.1.3'],
  crosswalk: { nist80053: ['AC-4', 'CM-4', 'SC-7'], owasp: ['LLM04:2025'], atlas: ['AML.T0018', 'AML.T0020'] },
  why: 'Through what both use, code in a notebook or in dev reads the data of production or replaces its model.',
  fix: 'Give each stage, and within it training and inference, a VPC, role, key and bucket of its own.',
  claims: [],
  beyondGuard: 'what two resources share shows only when references are followed, across stacks',
  check: judge,
  compliant: example('Serving'),
  nonCompliant: example('Learning'),
});

function judge(resource: GraphResource, graph: TemplateGraph): Verdict {
  const { users, uses } = sharingOf(graph);
  const used = uses.get(resource) ?? [];
  const serves = INFERENCE_TYPES.includes(resource.type);
  return used.length === 0
    ? undefined
    : used.flatMap((use) => {
        const sharing = users.get(use.part);
        return sharing ? [...otherStages(use, sharing), ...(serves ? training(use, sharing) : [])] : [];
      });
}

function otherStages({ part, property }: Use, { stages }: Users): Violation[] {
  const [first, ...others] = stages.keys();
  return others.length === 0
    ? []
    : [violation(property, `${nameOf(part)} belongs to ${[first, ...others].toSorted().join(' and ')} at once`)];
}

function training({ part, property }: Use, { training: user }: Users): Violation[] {
  return user ? [violation(property, `${nameOf(part)} is also used in training, by ${user.path}`)] : [];
}

/** `role data/LearningRole`. */
function nameOf({ type, path }: GraphResource): string {
  return `${type.replace(/^.*::/, '').toLowerCase()} ${path}`;
}

function example(role: string) {
  const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
  return {
    Learning: { Type: 'AWS::IAM::Role', Properties: {} },
    Serving: { Type: 'AWS::IAM::Role', Properties: {} },
    Notebook: { Type: 'AWS::SageMaker::NotebookInstance', Properties: { RoleArn: arnOf('Learning') } },
    Model: { Type: 'AWS::SageMaker::Model', Properties: { ExecutionRoleArn: arnOf(role) } },
  };
}
