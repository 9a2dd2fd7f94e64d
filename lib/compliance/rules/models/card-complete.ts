import type { GraphResource } from '../../../analysis';
import { inProduction } from '../../conditions';
import { rule } from '../../define-rule';
import { violation } from '../../expect';
import { is, isOneOf, isSet } from '../../requirements';
import { ERROR_FROM_LIMITED, type Tier, type Violation } from '../../rule';
import { tierOf } from '../../tags';

/** The rating of a model card (Amazon SageMaker Developer Guide, "Model cards") that goes with each impact tier. */
const RATINGS: Readonly<Record<Tier, string>> = { minimal: 'Low', limited: 'Medium', high: 'High' };

const SECTIONS = [
  'Content.ModelOverview.ModelOwner',
  'Content.IntendedUses.IntendedUses',
  'Content.TrainingDetails.TrainingJobDetails.TrainingDatasets',
  'Content.EvaluationDetails',
  'Content.AdditionalInformation.CaveatsAndRecommendations',
  'Content.AdditionalInformation.EthicalConsiderations',
].map(isSet);

/** A model card says who owns the model, what for, from which data, how well and where not; rated as its system is, and approved. */
export const sageMakerModelCardComplete = rule({
  id: 'SageMakerModelCardComplete',
  appliesTo: ['AWS::SageMaker::ModelCard'],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.6.2.7', 'A.6.2.3', 'A.8.2'],
  crosswalk: {
    nist80053: ['SA-5'],
    nistAiRmf: ['MAP 1.1', 'MEASURE 2.9'],
    euAiAct: ['Art. 11', 'Art. 13'],
    owasp: ['LLM09:2025'],
  },
  why: 'Whoever deploys a model from an unfinished card uses it outside its purpose and learns its limits from incidents.',
  fix: 'Fill owner, intended uses, datasets, evaluation, caveats and ethics, rate the risk as the system is rated, and approve the card before production.',
  claims: [...SECTIONS.flatMap(({ claims }) => claims), 'Content.IntendedUses.RiskRating', 'ModelCardStatus'],
  beyondGuard: 'the rating is compared with the impact tier that a tag states',
  check: (card) => {
    const unfit = [ratingOf(card), ...statusOf(card)].flatMap(({ judge }) => judge(card.properties, ''));
    return [...emptySections(card), ...unfit];
  },
  compliant: {
    Card: {
      Type: 'AWS::SageMaker::ModelCard',
      Properties: {
        ModelCardStatus: 'Approved',
        Content: {
          ModelOverview: { ModelOwner: 'lending.models@example.com' },
          IntendedUses: { IntendedUses: 'Score credit applications for a clerk who decides.', RiskRating: 'High' },
          TrainingDetails: { TrainingJobDetails: { TrainingDatasets: ['s3://datasets/credit/3'] } },
          EvaluationDetails: [{ Name: 'hold-out' }],
          AdditionalInformation: {
            CaveatsAndRecommendations: 'Not for companies.',
            EthicalConsiderations: 'Parity between age groups is measured each month.',
          },
        },
      },
    },
  },
  nonCompliant: {
    Card: {
      Type: 'AWS::SageMaker::ModelCard',
      Properties: { ModelCardStatus: 'Draft', Content: { IntendedUses: { RiskRating: 'Unknown' } } },
    },
  },
});

/** All that nobody has written yet is one finding. */
function emptySections(card: GraphResource): Violation[] {
  const empty = SECTIONS.flatMap(({ judge }) => judge(card.properties, '')).map(({ property }) => property);
  return empty.length > 1
    ? [violation('Content', `found nothing in ${empty.map((path) => path.replace('Content.', '')).join(', ')}`)]
    : empty.map((path) => violation(path, 'found nothing, expected a value'));
}

function ratingOf(card: GraphResource) {
  const tier = tierOf(card);
  return isOneOf('Content.IntendedUses.RiskRating', tier ? [RATINGS[tier]] : Object.values(RATINGS));
}

function statusOf(card: GraphResource) {
  return inProduction.holds(card) ? [is('ModelCardStatus', 'Approved')] : [];
}
