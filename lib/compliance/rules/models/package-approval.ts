import { type Condition, hasProperty, oneOf } from '../../conditions';
import { rule } from '../../define-rule';
import { isNot, isSet, whenIs } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

const APPROVED = oneOf('ModelApprovalStatus', ['Approved']);
const SKIPS = hasProperty('SkipModelValidation');

/** The template decides something about the package; by default it waits for approval, and is validated. */
const decides: Condition = {
  holds: (modelPackage) => APPROVED.holds(modelPackage) || SKIPS.holds(modelPackage),
  guard: (type) => `${APPROVED.guard(type)} or ${SKIPS.guard(type)}`,
};

/** A template may register a model as approved only with the decision behind it, and never past SageMaker's validation. */
export const sageMakerModelPackageApproval = rule({
  id: 'SageMakerModelPackageApproval',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.6.2.4', 'A.6.2.5'],
  crosswalk: {
    nist80053: ['CM-3', 'AC-5'],
    nistAiRmf: ['MANAGE 1.1'],
    euAiAct: ['Art. 9', 'Art. 14'],
    atlas: ['AML.T0010', 'AML.T0018'],
  },
  why: 'A package that is approved by the template that registers it goes into production on the word of its author alone.',
  fix: 'Leave ModelApprovalStatus at PendingManualApproval, or name the decision in ApprovalDescription, and remove SkipModelValidation.',
  appliesWhen: [decides],
  requires: {
    'AWS::SageMaker::ModelPackage': [
      whenIs('ModelApprovalStatus', 'Approved', [isSet('ApprovalDescription')]),
      isNot('SkipModelValidation', ['All']),
    ],
  },
  compliant: {
    Package: {
      Type: 'AWS::SageMaker::ModelPackage',
      Properties: { ModelApprovalStatus: 'Approved', ApprovalDescription: 'ledger decision 2026-114' },
    },
  },
  nonCompliant: {
    Package: { Type: 'AWS::SageMaker::ModelPackage', Properties: { ModelApprovalStatus: 'Approved' } },
  },
});
