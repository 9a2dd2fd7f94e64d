import { rule } from '../../define-rule';
import { matches } from '../../requirements';
import { ALWAYS_WARNING } from '../../rule';

/** A data quality ruleset covers the three faults that spoil training data. Rule types: AWS Glue, DQDL reference. */
export const glueDataQuality = rule({
  id: 'GlueDataQuality',
  scope: 'ai',
  level: ALWAYS_WARNING,
  annexA: ['A.7.4', 'A.7.6'],
  crosswalk: {
    nist80053: ['SI-10'],
    euAiAct: ['Art. 10'],
    owasp: ['LLM04:2025'],
    atlas: ['AML.T0020'],
  },
  why: 'Missing values, duplicates and shifted distributions, by accident or by poisoning, are learnt as if they were facts.',
  fix: 'Add rules for completeness, for uniqueness and for the distribution of values to the ruleset.',
  requires: {
    'AWS::Glue::DataQualityRuleset': [
      matches('Ruleset', /(IsComplete|Completeness)/, 'a rule for completeness (IsComplete, Completeness)'),
      matches(
        'Ruleset',
        /(IsUnique|Uniqueness|IsPrimaryKey|UniqueValueRatio|DistinctValuesCount)/,
        'a rule for uniqueness (IsUnique, Uniqueness, IsPrimaryKey)',
      ),
      matches(
        'Ruleset',
        /(ColumnValues|Mean|StandardDeviation|Entropy|Sum|ColumnCorrelation|AnomalyDetection|DetectAnomalies)/,
        'a rule for distributions (ColumnValues, Mean, StandardDeviation, Entropy)',
      ),
    ],
  },
  compliant: example('Rules = [ IsComplete "id", IsUnique "id", Mean "income" between 1000 and 9000 ]'),
  nonCompliant: example('Rules = [ RowCount > 0 ]'),
});

function example(Ruleset: string) {
  return {
    Ruleset: { Type: 'AWS::Glue::DataQualityRuleset', Properties: { Tags: { 'ai:system-id': 'x' }, Ruleset } },
  };
}
