import { type GraphResource, Opaque, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { unresolved, violation } from '../../expect';
import { isOwnKey, isSet } from '../../requirements';
import { ERROR_FROM_LIMITED, type Violation } from '../../rule';

/** Days for which an archive keeps events: the six months of Articles 19 and 26 of Regulation (EU) 2024/1689. */
const MINIMUM_DAYS = 180;

const BUS = 'AWS::Events::EventBus';
const ownKey = isOwnKey('KmsKeyIdentifier');
const deadLetters = isSet('DeadLetterConfig.Arn');

/** A bus encrypts what it carries, keeps what it could not deliver, and its archives last. */
export const eventBusProtected = rule({
  id: 'EventBusProtected',
  scope: 'ai',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.6.2.8'],
  crosswalk: { nist80053: ['AU-9', 'AU-11', 'SC-28'], euAiAct: ['Art. 12', 'Art. 19'] },
  why: 'Approvals, alarms and incidents travel as events, and those that are lost or read on the way leave no trace.',
  fix: 'Give bus and archive a customer managed key, the bus a dead-letter queue, and the archive 180 days or more.',
  appliesTo: ['AWS::Events::Archive', BUS],
  claims: ['KmsKeyIdentifier', 'DeadLetterConfig.Arn', 'RetentionDays'],
  beyondGuard: 'archives have no tags that tell whether they belong to an AI system',
  check: ({ type, properties }) => [
    ...ownKey.judge(properties, ''),
    ...(type === BUS ? deadLetters.judge(properties, '') : retention(properties)),
  ],
  compliant: example({ KmsKeyIdentifier: 'key', DeadLetterConfig: { Arn: 'queue' } }, { KmsKeyIdentifier: 'key' }),
  nonCompliant: example({}, { RetentionDays: 30 }),
});

/** Zero and absence mean for ever. */
function retention({ RetentionDays }: GraphResource['properties']): Violation[] {
  if (RetentionDays instanceof Opaque) {
    return [unresolved('RetentionDays', RetentionDays)];
  }
  const days = Number(textOf(RetentionDays ?? 0));
  return days === 0 || days >= MINIMUM_DAYS
    ? []
    : [violation('RetentionDays', `found ${days} days, expected at least ${MINIMUM_DAYS}`)];
}

function example(bus: object, archive: object) {
  const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
  return {
    Bus: { Type: BUS, Properties: { Tags, ...bus } },
    Archive: { Type: 'AWS::Events::Archive', Properties: archive },
  };
}
