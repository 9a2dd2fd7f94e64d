import { type GraphResource, Opaque, type TemplateGraph, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { unresolved, violation } from '../../expect';
import { ERROR_FROM_LIMITED, type MinimalTemplate, type Violation } from '../../rule';
import { filteredEvents, isHeard } from '../detection/heard-events';
import { KEY_TYPES } from '../keys/key-policy';
import { OF_ENCLAVES } from './attestation';
import { attested, keyWith } from './examples';
import { statementsOnAttestation } from './key-policy';

const FILTER = 'AWS::Logs::MetricFilter';

/** What is told by a record of CloudTrail, and by which terms of a filter's pattern (KMS Developer Guide, "Monitoring requests for Nitro enclaves"). */
const SIGNALS: readonly { readonly of: string; readonly isIn: (pattern: string) => boolean }[] = [
  {
    of: 'plaintext without an attestation document',
    isIn: (pattern) =>
      /\.recipient\.attestationDocument\w+\s+NOT\s+EXISTS/i.test(pattern) && !/errorCode\s*=/.test(pattern),
  },
  {
    of: 'refused requests, as of a debug enclave or an unknown image',
    isIn: (pattern) => /\$\.errorCode\s*=\s*"?AccessDenied/.test(pattern),
  },
];

/**
 * Somebody is told when a key of enclaves gives plaintext outside of one, and when it refuses. Filters see what a trail
 * records; EventBridge hears of Decrypt only where it is asked for all read-only events.
 *
 * Prowler: kms_key_enclave_debug_attestation_detected and kms_key_enclave_attestation_unknown_image, which look for such
 * records afterwards.
 */
export const enclaveKeyUseAlarmed = rule({
  id: 'EnclaveKeyUseAlarmed',
  appliesTo: KEY_TYPES,
  detects: true,
  level: ERROR_FROM_LIMITED,
  annexA: ['A.6.2.6', 'A.6.2.8', 'A.8.4'],
  crosswalk: { nist80053: ['AU-6', 'SI-4', 'IR-4'], nistAiRmf: ['MANAGE 4.1'], euAiAct: ['Art. 15', 'Art. 73'] },
  why: 'An operator who tries the key from the host, or starts another image, leaves one line in the trail that nobody reads.',
  fix: 'Put metric filters on the log group of the trail: Decrypt of this key where additionalEventData.recipient.attestationDocumentModuleId does NOT EXIST, and where errorCode is AccessDenied*; with alarms that act.',
  claims: [FILTER, 'AWS::CloudWatch::Alarm'],
  beyondGuard: 'key, filter and alarm are resources of their own that name each other',
  check: (key, graph) => {
    if (statementsOnAttestation(key.properties.KeyPolicy, OF_ENCLAVES).length === 0) {
      return undefined;
    }
    const heard = filtersOfDecrypt(graph).map(({ properties }) => properties.FilterPattern);
    const missing = SIGNALS.filter(({ isIn }) => !heard.some((pattern) => isIn(textOf(pattern)) && isOn(key, pattern)));
    return missing.map(({ of }) => unheard(of, heard));
  },
  compliant: watched('$.additionalEventData.recipient.attestationDocumentModuleId NOT EXISTS'),
  nonCompliant: watched('$.sourceIPAddress NOT EXISTS'),
});

/** A filter whose pattern only a deployment knows may hear anything. */
function unheard(of: string, patterns: readonly unknown[]): Violation {
  const unknown = patterns.find((pattern) => pattern instanceof Opaque);
  return unknown instanceof Opaque
    ? unresolved('KeyPolicy', unknown)
    : violation('KeyPolicy', `found no metric filter with an alarm that acts for ${of}`);
}

/** Filters whose alarm acts, and that hear of Decrypt or may do so. Found once for each graph. */
function filtersOfDecrypt(graph: TemplateGraph): readonly GraphResource[] {
  return graph.once('filters of Decrypt', () => {
    const groups = new Set(graph.ofType(FILTER).map(({ properties }) => properties.LogGroupName as string));
    return [...groups]
      .flatMap((group) => filteredEvents(graph, group))
      .filter(({ resource, hears }) => resource.properties.FilterPattern instanceof Opaque || hears('Decrypt'))
      .map(({ resource }) => resource)
      .filter((filter) => isHeard(filter, graph));
  });
}

/** Whether a pattern is about this key, by ARN or id, or about every key. */
function isOn({ name }: GraphResource, pattern: unknown): boolean {
  const text = textOf(pattern);
  return text.split(/[^\w-]+/).includes(name) || !/\$\.(resources|requestParameters\.keyId|errorMessage)\b/.test(text);
}

function watched(term: string): MinimalTemplate {
  const filter = (name: string, condition: string) => ({
    [`${name}Filter`]: {
      Type: FILTER,
      Properties: {
        LogGroupName: 'trail',
        FilterPattern: `{ ($.eventName = "Decrypt") && (${condition}) }`,
        MetricTransformations: [{ MetricName: name, MetricNamespace: 'Keys', MetricValue: '1' }],
      },
    },
    [`${name}Alarm`]: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: { MetricName: name, Namespace: 'Keys', AlarmActions: ['topic'] },
    },
  });
  return {
    ...keyWith(attested('kms:Decrypt')),
    ...filter('Unattested', term),
    ...filter('Refused', '$.errorCode = "AccessDenied*"'),
  };
}
