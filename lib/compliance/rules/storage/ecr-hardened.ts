import { type GraphResource, Opaque, type TemplateGraph } from '../../../analysis';
import { rule } from '../../define-rule';
import { mustBe, unresolved, violation } from '../../expect';
import { isOneOf, isOwnKey } from '../../requirements';
import { ERROR_FROM_LIMITED, type Violation } from '../../rule';
import { allowsAnyone, statementsOf } from '../../statements';
import { inside } from '../structure';

/** Requirements that a repository's own properties meet or not. */
const OWN = [
  isOneOf('ImageTagMutability', ['IMMUTABLE', 'IMMUTABLE_WITH_EXCLUSION'], { byDefault: 'MUTABLE' }),
  inside('EncryptionConfiguration', [
    isOneOf('EncryptionConfiguration.EncryptionType', ['KMS', 'KMS_DSSE'], { byDefault: 'AES256' }),
    isOwnKey('EncryptionConfiguration.KmsKey'),
  ]),
];
const Tags = [{ Key: 'ai:system-id', Value: 'x' }];

/** Images that train or serve a model are scanned, stay what their tag said, and are not the world's to pull or push. */
export const ecrHardened = rule({
  id: 'EcrHardened',
  appliesTo: ['AWS::ECR::Repository'],
  scope: 'ai',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.4', 'A.10.3'],
  crosswalk: {
    securityHub: ['ECR.1', 'ECR.2', 'ECR.5'],
    nist80053: ['RA-5', 'SI-7', 'SR-3'],
    atlas: ['AML.T0010'],
    owasp: ['LLM03:2025'],
  },
  why: 'Whoever pushes another image under the same tag runs their code inside the next training job or endpoint.',
  fix: 'Set ScanOnPush, IMMUTABLE tags, EncryptionType KMS with your key, and a repository policy without wildcards.',
  claims: [
    'ImageScanningConfiguration.ScanOnPush',
    ...OWN.flatMap(({ claims }) => claims),
    'RepositoryPolicyText.Statement.*.Principal',
  ],
  beyondGuard: 'the registry may scan instead of the repository, and a policy must be read as a whole',
  check: (repository, graph) => [
    ...(registryScans(graph) ? [] : mustBe(repository, 'ImageScanningConfiguration.ScanOnPush', true)),
    ...OWN.flatMap(({ judge }) => judge(repository.properties, '')),
    ...open(repository),
  ],
  configRules: ['ECR_PRIVATE_IMAGE_SCANNING_ENABLED', 'ECR_PRIVATE_TAG_IMMUTABILITY_ENABLED'],
  compliant: {
    Repository: {
      Type: 'AWS::ECR::Repository',
      Properties: {
        ImageScanningConfiguration: { ScanOnPush: true },
        ImageTagMutability: 'IMMUTABLE',
        EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: 'key' },
        Tags,
      },
    },
  },
  nonCompliant: { Repository: { Type: 'AWS::ECR::Repository', Properties: { Tags } } },
});

/** Amazon Inspector scans every repository of a registry with ENHANCED scanning. */
function registryScans(graph: TemplateGraph): boolean {
  return graph.where('AWS::ECR::RegistryScanningConfiguration', 'ScanType', 'ENHANCED').length > 0;
}

function open({ properties: { RepositoryPolicyText: policy } }: GraphResource): Violation[] {
  return policy instanceof Opaque
    ? [unresolved('RepositoryPolicyText', policy)]
    : statementsOf(policy)
        .filter(allowsAnyone)
        .map(({ sid, index }) => violation('RepositoryPolicyText', `statement '${sid || index}' lets anyone in`));
}
