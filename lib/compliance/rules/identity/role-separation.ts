import type { TemplateGraph } from '../../../analysis';
import { Opaque } from '../../../analysis';
import { rule } from '../../define-rule';
import { unresolved, violation } from '../../expect';
import { ERROR_FROM_LIMITED, type Violation } from '../../rule';
import { ROLE_USERS, type RoleUse, roleUses, usersOf } from './role-uses';

/** Exploration, training, inference and monitoring each run under roles of their own. */
export const iamRoleSeparation = rule({
  id: 'IamRoleSeparation',
  appliesTo: ROLE_USERS,
  level: ERROR_FROM_LIMITED,
  annexA: ['A.3.2', 'A.4.5'],
  crosswalk: { nist80053: ['AC-5', 'AC-6'], atlas: ['AML.T0012'] },
  why: 'Code in a notebook, or a request that takes over a model server, then has the rights of training: it reads the data sets and replaces models.',
  fix: 'Give each of exploration, training, inference and monitoring a role of its own, with the rights of that work only.',
  claims: [],
  beyondGuard: 'who else uses a role stands in other resources',
  check: (resource, graph) =>
    roleUses(graph)
      .get(resource)
      ?.flatMap((use) => shared(use, graph)),
  compliant: modelAndNotebook('Notebooks'),
  nonCompliant: modelAndNotebook('Models'),
});

function shared({ resource, property, purpose, role }: RoleUse, graph: TemplateGraph): Violation[] {
  const other = usersOf(role, resource.stack, graph).find((use) => use.purpose !== purpose);
  if (other) {
    return [violation(property, `role ${role} serves ${purpose} here and ${other.purpose} in ${other.resource.path}`)];
  }
  return role instanceof Opaque ? [unresolved(property, role)] : [];
}

function modelAndNotebook(ofNotebook: string) {
  const arn = (role: string) => ({ 'Fn::GetAtt': [role, 'Arn'] });
  return {
    Models: { Type: 'AWS::IAM::Role', Properties: {} },
    Notebooks: { Type: 'AWS::IAM::Role', Properties: {} },
    Model: { Type: 'AWS::SageMaker::Model', Properties: { ExecutionRoleArn: arn('Models') } },
    Notebook: { Type: 'AWS::SageMaker::NotebookInstance', Properties: { RoleArn: arn(ofNotebook) } },
  };
}
