import { type GraphResource, Opaque, type TemplateGraph, textOf } from '../../../analysis';
import { inProduction } from '../../conditions';
import { rule } from '../../define-rule';
import { asList, propertyOf, unresolved, valueAt, violation } from '../../expect';
import { ALWAYS_WARNING, type Verdict } from '../../rule';
import { resourceCovers } from '../../statements';
import { tagsOf } from '../../tags';

const STORES = ['AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table', 'AWS::EFS::FileSystem'];
const PLAN_RULES = 'BackupPlan.BackupPlanRule';

/**
 * Where an assembly plans backups, they include its tables and file systems, and leave the Region or the account. Backup
 * policies of an organisation stand in no template, so an assembly without plans is not judged.
 */
export const backupPlanCovers = rule({
  id: 'BackupPlanCovers',
  appliesTo: ['AWS::Backup::BackupPlan', ...STORES],
  scope: 'ai',
  level: ALWAYS_WARNING,
  annexA: ['A.6.2.6'],
  crosswalk: { securityHub: ['DynamoDB.4', 'EFS.2'], nist80053: ['CP-6', 'CP-9'] },
  why: 'The table that nobody put into the plan, or the only Region that had the backup, is the one that is lost.',
  fix: 'Select the resource by ARN or tag in a BackupSelection, and give a rule of the plan CopyActions.',
  claims: [`${PLAN_RULES}.*.CopyActions`],
  configRules: ['DYNAMODB_IN_BACKUP_PLAN', 'EFS_IN_BACKUP_PLAN'],
  beyondGuard: 'selections are resources of their own that name others by pattern or tag',
  check: (resource, graph) =>
    resource.type === 'AWS::Backup::BackupPlan' ? judgePlan(resource) : judgeStore(resource, graph),
  compliant: backups('*'),
  nonCompliant: backups('arn:aws:dynamodb:eu-west-1:111122223333:table/other'),
});

function judgePlan(plan: GraphResource): Verdict {
  const rules = propertyOf(plan, PLAN_RULES);
  if (rules instanceof Opaque) {
    return [unresolved(PLAN_RULES, rules)];
  }
  if (!inProduction.holds(plan)) {
    return undefined;
  }
  return asList(rules).some((item) => asList(valueAt(item, 'CopyActions')).length > 0)
    ? []
    : [violation(`${PLAN_RULES}.0.CopyActions`, 'found no rule that copies to another Region or account')];
}

function judgeStore(store: GraphResource, graph: TemplateGraph): Verdict {
  const selections = selectionsOf(graph);
  if (selections.length === 0 || propertyOf(store, 'BackupPolicy.Status') === 'ENABLED') {
    return undefined;
  }
  const opaque = selections.find((selection) => selection instanceof Opaque);
  if (opaque instanceof Opaque) {
    return [unresolved('Tags', opaque)];
  }
  return selections.some((selection) => selects(selection, store))
    ? []
    : [violation('Tags', 'found no backup selection with its ARN or one of its tags')];
}

function selectionsOf(graph: TemplateGraph): readonly unknown[] {
  return graph.once('backup selections', () =>
    graph.ofType('AWS::Backup::BackupSelection').map(({ properties }) => properties.BackupSelection),
  );
}

/** Conditions select among the resources named, and may be anything: what they narrow counts as selected. */
function selects(selection: unknown, store: GraphResource): boolean {
  const matches = (list: string) => asList(valueAt(selection, list)).some((item) => covers(item, store.arn));
  const tagged = asList(valueAt(selection, 'ListOfTags')).some((tag) => {
    const key = textOf(valueAt(tag, 'ConditionKey')).replace(/^aws:ResourceTag\//, '');
    return tagsOf(store).get(key) === textOf(valueAt(tag, 'ConditionValue'));
  });
  return (matches('Resources') || tagged) && !matches('NotResources');
}

function covers(pattern: unknown, arn: string): boolean {
  return pattern instanceof Opaque || resourceCovers(textOf(pattern), arn);
}

function backups(resource: string) {
  const CopyActions = [{ DestinationBackupVaultArn: 'arn:aws:backup:eu-central-1:111122223333:backup-vault:copies' }];
  return {
    Plan: { Type: 'AWS::Backup::BackupPlan', Properties: { BackupPlan: { BackupPlanRule: [{ CopyActions }] } } },
    Selection: { Type: 'AWS::Backup::BackupSelection', Properties: { BackupSelection: { Resources: [resource] } } },
    Table: { Type: 'AWS::DynamoDB::Table' },
    Model: { Type: 'AWS::SageMaker::Model' },
  };
}
