import { holdsPersonalData } from '../../conditions';
import { rule } from '../../define-rule';
import { isBetween, isSet } from '../../requirements';
import { ALWAYS_WARNING } from '../../rule';
import { hasOnlineStore } from './feature-stores';

const PERSONAL = [{ Key: 'ai:data-class', Value: 'personal' }];

/** Personal data leaves the online store by itself after a set time. */
export const sageMakerFeatureGroupTtl = rule({
  id: 'SageMakerFeatureGroupTtl',
  level: ALWAYS_WARNING,
  annexA: ['A.7.2', 'A.7.5'],
  crosswalk: { nist80053: ['SI-12'], nistAiRmf: ['MEASURE 2.10'], euAiAct: ['Art. 10'] },
  why: 'Without an expiry, records of people stay in the online store, and in decisions, long after the purpose has ended.',
  fix: 'Set OnlineStoreConfig.TtlDuration to the retention of the data.',
  appliesWhen: [holdsPersonalData, hasOnlineStore],
  requires: {
    'AWS::SageMaker::FeatureGroup': [
      isSet('OnlineStoreConfig.TtlDuration.Unit'),
      isBetween('OnlineStoreConfig.TtlDuration.Value', { min: 1 }),
    ],
  },
  compliant: withOnlineStore({ EnableOnlineStore: true, TtlDuration: { Unit: 'Days', Value: 30 } }),
  nonCompliant: withOnlineStore({ EnableOnlineStore: true }),
});

function withOnlineStore(OnlineStoreConfig: object) {
  return { Group: { Type: 'AWS::SageMaker::FeatureGroup', Properties: { OnlineStoreConfig, Tags: PERSONAL } } };
}
