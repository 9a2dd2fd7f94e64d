import { rule } from '../../define-rule';
import { isAnySet, isSet } from '../../requirements';
import { ERROR_FROM_HIGH } from '../../rule';

const BIAS = ['Report', 'PostTrainingReport', 'PreTrainingReport'].map((report) => `ModelMetrics.Bias.${report}.S3Uri`);
const BASELINES = [
  'ModelDataQuality.Constraints',
  'ModelQuality.Constraints',
  'Bias.PostTrainingConstraints',
  'Explainability.Constraints',
].map((constraints) => `DriftCheckBaselines.${constraints}.S3Uri`);

/** A registered version carries what an approver must see: quality, bias, explanation, baselines, origin and its card. */
export const sageMakerModelPackageEvidence = rule({
  id: 'SageMakerModelPackageEvidence',
  level: ERROR_FROM_HIGH,
  annexA: ['A.6.2.4', 'A.6.2.7'],
  crosswalk: {
    nist80053: ['CM-8', 'SA-11'],
    nistAiRmf: ['MEASURE 2.3', 'MEASURE 2.11'],
    euAiAct: ['Art. 10', 'Art. 11', 'Art. 15'],
  },
  why: 'A version without metrics and origin is approved blind, and nobody can later tell which code and data made it.',
  fix: 'Attach ModelMetrics (quality, bias, explainability), DriftCheckBaselines, MetadataProperties.CommitId and a ModelCard.',
  requires: {
    'AWS::SageMaker::ModelPackage': [
      isSet('ModelMetrics.ModelQuality.Statistics.S3Uri'),
      isAnySet(BIAS),
      isSet('ModelMetrics.Explainability.Report.S3Uri'),
      isAnySet(BASELINES),
      isSet('MetadataProperties.CommitId'),
      isSet('ModelCard.ModelCardContent'),
    ],
  },
  compliant: {
    Package: {
      Type: 'AWS::SageMaker::ModelPackage',
      Properties: {
        ModelMetrics: {
          ModelQuality: { Statistics: { S3Uri: 's3://models/7/quality.json' } },
          Bias: { Report: { S3Uri: 's3://models/7/bias.json' } },
          Explainability: { Report: { S3Uri: 's3://models/7/explanations.json' } },
        },
        DriftCheckBaselines: { ModelDataQuality: { Constraints: { S3Uri: 's3://models/7/constraints.json' } } },
        MetadataProperties: { CommitId: 'd2e8743' },
        ModelCard: { ModelCardContent: '{}' },
      },
    },
  },
  nonCompliant: { Package: { Type: 'AWS::SageMaker::ModelPackage', Properties: {} } },
});
