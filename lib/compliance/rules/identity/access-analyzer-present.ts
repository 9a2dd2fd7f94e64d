import type { GraphResource } from '../../../analysis';
import { Opaque, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { asList, propertyOf, unresolved, valueAt, violation } from '../../expect';
import { ALWAYS_WARNING, type Violation } from '../../rule';

const AGE = 'AnalyzerConfiguration.UnusedAccessConfiguration.UnusedAccessAge';
const MAX_AGE = 90;

/**
 * An analyzer shows what it is there to show: nothing that is public is archived unseen, and access counts as unused after
 * 90 days (IAM's default). That an analyzer is absent from a template says nothing: it belongs to the account.
 */
export const accessAnalyzerPresent = rule({
  id: 'AccessAnalyzerPresent',
  appliesTo: ['AWS::AccessAnalyzer::Analyzer'],
  level: ALWAYS_WARNING,
  annexA: ['A.3.2'],
  crosswalk: { securityHub: ['IAM.28'], nist80053: ['AC-6', 'CA-7', 'RA-5'] },
  why: 'Somebody opens a bucket or a key to the world, or an old role keeps its rights, and the analyzer stays silent.',
  fix: 'Remove archive rules that match public access, and set UnusedAccessAge to at most 90 days.',
  claims: ['ArchiveRules', AGE],
  beyondGuard: 'what an archive rule hides depends on its criteria together',
  check: (analyzer) => [...unused(analyzer), ...asList(analyzer.properties.ArchiveRules).flatMap(hidden)],
  configRules: ['IAM_EXTERNAL_ACCESS_ANALYZER_ENABLED'],
  compliant: { Analyzer: { Type: 'AWS::AccessAnalyzer::Analyzer', Properties: {} } },
  nonCompliant: {
    Analyzer: {
      Type: 'AWS::AccessAnalyzer::Analyzer',
      Properties: {
        Type: 'ACCOUNT_UNUSED_ACCESS',
        AnalyzerConfiguration: { UnusedAccessConfiguration: { UnusedAccessAge: 365 } },
      },
    },
  },
});

function unused(analyzer: GraphResource): Violation[] {
  const age = propertyOf(analyzer, AGE) ?? MAX_AGE;
  if (age instanceof Opaque) {
    return [unresolved(AGE, age)];
  }
  return Number(textOf(age)) <= MAX_AGE ? [] : [violation(AGE, `found ${textOf(age)}, expected at most ${MAX_AGE}`)];
}

/** A rule without criteria on who or what it means archives everything of a kind; one on `isPublic` archives the worst. */
function hidden(archive: unknown, index: number): Violation[] {
  const criteria = asList(valueAt(archive, 'Filter'));
  const names = criteria.map((item) => textOf(valueAt(item, 'Property')));
  const hides =
    names.some((name) => name === 'isPublic' || name === 'status') &&
    names.every((name) => !/^(resource|principal\.)/.test(name));
  return hides
    ? [violation(`ArchiveRules.${index}`, `archives findings by ${names.join(' and ')}, whatever the resource`)]
    : [];
}
