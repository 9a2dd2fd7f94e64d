import { accessModel, type PolicyDocument, type TemplateGraph } from '../../lib/analysis';
import { type AccessRequest, ADMINISTRATOR, type Decision, evaluate } from '../support/iam';
import { withChanged, withoutStatements } from '../support/mutations';
import { manifestsWith, synthesize } from './support';

const { graph, templates } = synthesize();

/** The platform where a manifest asks for SageMaker Model Monitor. */
const modelMonitored = synthesize(
  manifestsWith({ 'systems/credit-scoring.yaml': (text) => text.replace('# monitoring:', 'monitoring:') }),
).graph;

/** The ARN of a resource by the end of its construct path, with an object behind it. */
const arn = (path: string, object = '') => {
  const [resource] = graph.atPath(path);
  return `${resource.arn}${object}`;
};

const TRAINER = 'dev/credit-scoring-training/Training/ExecutionRole';
const PIPELINE = 'dev/credit-scoring-training/Training/Pipeline/Role';
const QUALITY = 'dev/credit-scoring-training/Training/Gates/QualityRole';
const SCANNER = 'dev/credit-scoring-training/Training/Gates/ArtifactScanRole';
const REGISTRAR = 'dev/credit-scoring-training/Training/Gates/RegisterRole';
const SEALER = 'dev/credit-scoring-data/Vault/SealRole';
const VERIFIER = 'dev/credit-scoring-data/Vault/VerifyRole';
const DECIDER = 'dev/credit-scoring-data/Registry/ApprovalRole';
const SERVER = 'dev/credit-scoring-inference/Inference/Endpoint/Role';
const GATEWAY = 'dev/credit-scoring-inference/Inference/GatewayRole';
const SWITCH = 'dev/credit-scoring-inference/Inference/KillSwitch/Role';
const CLARIFY = 'sagemaker-clarify-endpoint-1';
const MODEL_MONITOR = 'prod/credit-scoring-inference/Inference/Endpoint/Monitoring/Role';
const MONITOR = 'prod/credit-scoring-inference/Inference/Endpoint/CaptureMonitor/HandlerRole';
const DRIFT_MONITOR = 'dev/credit-scoring-inference/Drift/MonitorRole';
const ROLLBACK = 'dev/credit-scoring-inference/Drift/RollbackRole';
const DRIFT = 'dev/credit-scoring-inference/Drift/Records';
const LEDGER = 'dev/ledger/Ledger';
const ENTRY = '/entries/000000000000.json';
const OVER = { 's3:ObjectCreationOperation': 'true' };
const NEW = { 's3:if-none-match': '*', 's3:ObjectCreationOperation': 'true' };
const ASSISTANT = 'dev/support-assistant-inference/Inference/GatewayRole';

const VAULT = 'dev/credit-scoring-data/Vault/Bucket';
const PROD_VAULT = 'prod/credit-scoring-data/Vault/Bucket';
const RUNS = 'dev/credit-scoring-training/Training/Runs';
const MODELS = 'dev/credit-scoring-data/Registry/Models';
const CAPTURES = 'dev/credit-scoring-inference/Inference/Endpoint/Captures';
const PROD_CAPTURES = 'prod/credit-scoring-inference/Inference/Endpoint/Captures';
const PROD_S3 = 'prod/inference-network/Network/Endpoint-s3';
const PROD_GATEWAY = 'prod/credit-scoring-inference/Inference/GatewayRole';
const CAPTURED = '/captures/dev-credit-scoring/AllTraffic/2026/11/27/00/a.jsonl';
const PROFILE = '/baselines/captures/profile.json';
const REPORT = '/monitoring/captures/2026-11-25.json';
const PROD_MODELS = 'prod/credit-scoring-data/Registry/Models';
const EVIDENCE = 'dev/foundation/Audit/Evidence';
const PROD_EVIDENCE = 'prod/foundation/Audit/Evidence';
const key = (purpose: string, stage = 'dev', system = 'credit-scoring') =>
  arn(`${stage}/${system}-data/Keys/${purpose}`);

const SEALED = { 's3:ExistingObjectTag/palisade:seal': 'sealed', 's3:ExistingObjectTag/palisade:purpose': 'training' };
const OTHER_PURPOSE = { ...SEALED, 's3:ExistingObjectTag/palisade:purpose': 'marketing' };
const data = '/approved/loan-performance/2026-10/data/loans.csv';
const inVault = (path = VAULT) => ({ 'kms:EncryptionContext:aws:s3:arn': arn(path) });
const ELSEWHERE = { 'aws:PrincipalAccount': '444455556666' };
const SERVICE = { ...ELSEWHERE, 'aws:PrincipalIsAWSService': 'true' };
const LOCKED = { 's3:object-lock-remaining-retention-days': '0' };

const profile = 'arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.amazon.nova-lite-v1:0';
const otherModel = 'arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-pro-v1:0';
const guardrail = arn('dev/support-assistant-inference/Guardrail');
const PACKAGE = 'arn:aws:sagemaker:eu-west-1:111122223333:model-package/dev-credit-scoring/1';

type Row = [sentence: string, request: AccessRequest, expected: 'allow' | 'deny'];

const rows: Row[] = [
  // Training data
  ['training reads sealed data', s3(TRAINER, 's3:GetObject', VAULT, data, SEALED), 'allow'],
  ['training reads nothing unsealed', s3(TRAINER, 's3:GetObject', VAULT, data), 'deny'],
  [
    'training reads nothing sealed for another purpose',
    s3(TRAINER, 's3:GetObject', VAULT, data, OTHER_PURPOSE),
    'deny',
  ],
  ['training reads no quarantine', s3(TRAINER, 's3:GetObject', VAULT, '/quarantine/a/1/x.csv', SEALED), 'deny'],
  ['training writes no data', s3(TRAINER, 's3:PutObject', VAULT, data), 'deny'],
  ['training seals nothing by tag', s3(TRAINER, 's3:PutObjectTagging', VAULT, data), 'deny'],
  ['training reads no production data', s3(TRAINER, 's3:GetObject', PROD_VAULT, data, SEALED), 'deny'],
  ['training decrypts the data of its vault', kms(TRAINER, 'kms:Decrypt', key('Data'), inVault()), 'allow'],
  ['training decrypts nothing else with that key', kms(TRAINER, 'kms:Decrypt', key('Data'), inVault(RUNS)), 'deny'],
  [
    'training cannot use the production key',
    kms(TRAINER, 'kms:Decrypt', key('Data', 'prod'), inVault(PROD_VAULT)),
    'deny',
  ],
  ['the quality gate reads sealed data', s3(QUALITY, 's3:GetObject', VAULT, data, SEALED), 'allow'],
  ['the quality gate reads nothing unsealed', s3(QUALITY, 's3:GetObject', VAULT, data), 'deny'],
  // Sealing
  ['the sealing function tags versions', s3(SEALER, 's3:PutObjectVersionTagging', VAULT, data), 'allow'],
  ['the sealing function signs', kms(SEALER, 'kms:Sign', key('Seal')), 'allow'],
  ['the verifying function does not sign', kms(VERIFIER, 'kms:Sign', key('Seal')), 'deny'],
  ['the verifying function verifies', kms(VERIFIER, 'kms:Verify', key('Seal')), 'allow'],
  ['training does not sign', kms(TRAINER, 'kms:Sign', key('Seal')), 'deny'],
  ['the gateway does not sign', kms(GATEWAY, 'kms:Sign', key('Seal')), 'deny'],
  ['an administrator does not seal by tag', s3(ADMINISTRATOR, 's3:PutObjectTagging', VAULT, data), 'deny'],
  ['an administrator reads nothing unsealed', s3(ADMINISTRATOR, 's3:GetObject', VAULT, data), 'deny'],
  ['an administrator deletes no sealed version', s3(ADMINISTRATOR, 's3:DeleteObjectVersion', VAULT, data), 'deny'],
  ['an administrator writes no approved data', s3(ADMINISTRATOR, 's3:PutObject', VAULT, data), 'deny'],
  [
    'an administrator reads sealed data in cipher only',
    s3(ADMINISTRATOR, 's3:GetObject', VAULT, data, SEALED),
    'allow',
  ],
  ['an administrator does not decrypt that cipher', kms(ADMINISTRATOR, 'kms:Decrypt', key('Data'), inVault()), 'deny'],
  ['an administrator does not act as the sealing function', assume(ADMINISTRATOR, SEALER), 'deny'],
  ['training does not act as the sealing function', assume(TRAINER, SEALER), 'deny'],
  ['the sealing function removes nothing approved', s3(SEALER, 's3:DeleteObjectVersion', VAULT, data), 'deny'],
  [
    'nobody reads without TLS',
    s3(TRAINER, 's3:GetObject', VAULT, data, { ...SEALED, 'aws:SecureTransport': 'false' }),
    'deny',
  ],
  // Inference against training
  ['a served model reads no training data', s3(SERVER, 's3:GetObject', VAULT, data, SEALED), 'deny'],
  ['a served model cannot use the data key', kms(SERVER, 'kms:Decrypt', key('Data'), inVault()), 'deny'],
  ['a served model reads no training runs', s3(SERVER, 's3:GetObject', RUNS, '/runs/a/output/model.tar.gz'), 'deny'],
  ['a served model cannot use the training key', kms(SERVER, 'kms:Decrypt', key('Training'), inVault(RUNS)), 'deny'],
  ['a served model reads registered models', s3(SERVER, 's3:GetObject', MODELS, '/job/model.tar.gz'), 'allow'],
  ['a served model decrypts registered models', kms(SERVER, 'kms:Decrypt', key('Model'), inVault(MODELS)), 'allow'],
  ['a served model registers nothing', s3(SERVER, 's3:PutObject', MODELS, '/job/model.tar.gz'), 'deny'],
  ['the gateway reads no training data', s3(GATEWAY, 's3:GetObject', VAULT, data, SEALED), 'deny'],
  ['the gateway cannot use the data key', kms(GATEWAY, 'kms:Decrypt', key('Data'), inVault()), 'deny'],
  ['the gateway reads no registered models', s3(GATEWAY, 's3:GetObject', MODELS, '/job/model.tar.gz'), 'deny'],
  ['training reads no captured requests', s3(TRAINER, 's3:GetObject', CAPTURES, '/captures/a'), 'deny'],
  ['training cannot use the inference key', kms(TRAINER, 'kms:Decrypt', key('Inference'), inVault(CAPTURES)), 'deny'],
  ['training cannot use the model key', kms(TRAINER, 'kms:Decrypt', key('Model'), inVault(MODELS)), 'deny'],
  // Monitoring
  ['the monitor reads captured requests', s3(MONITOR, 's3:GetObject', PROD_CAPTURES, '/captures/a'), 'allow'],
  [
    'the monitor decrypts captured requests',
    kms(MONITOR, 'kms:Decrypt', key('Inference', 'prod'), inVault(PROD_CAPTURES)),
    'allow',
  ],
  [
    'the monitor reads them through the network',
    { ...s3(MONITOR, 's3:GetObject', PROD_CAPTURES, '/captures/a'), through: PROD_S3 },
    'allow',
  ],
  ['the monitor lists captured requests', listing(MONITOR, 'captures/prod-credit-scoring/AllTraffic/2026/'), 'allow'],
  ['the monitor lists nothing else', listing(MONITOR, 'ground-truth/2026/'), 'deny'],
  ['the monitor reads its baseline', s3(MONITOR, 's3:GetObject', PROD_CAPTURES, PROFILE), 'allow'],
  ['the monitor does not write its baseline', s3(MONITOR, 's3:PutObject', PROD_CAPTURES, PROFILE), 'deny'],
  ['the monitor writes its reports', s3(MONITOR, 's3:PutObject', PROD_CAPTURES, REPORT), 'allow'],
  [
    'the monitor writes them through the network',
    { ...s3(MONITOR, 's3:PutObject', PROD_CAPTURES, REPORT), through: PROD_S3 },
    'allow',
  ],
  ['the monitor deletes none of its reports', s3(MONITOR, 's3:DeleteObject', PROD_CAPTURES, REPORT), 'deny'],
  [
    'the monitor writes no reports of Model Monitor',
    s3(MONITOR, 's3:PutObject', PROD_CAPTURES, '/monitoring/data-quality/a'),
    'deny',
  ],
  ['the monitor writes no captures', s3(MONITOR, 's3:PutObject', PROD_CAPTURES, '/captures/a'), 'deny'],
  ['the monitor reads no captures of dev', s3(MONITOR, 's3:GetObject', CAPTURES, '/captures/a'), 'deny'],
  ['the monitor reads no training data', s3(MONITOR, 's3:GetObject', PROD_VAULT, data, SEALED), 'deny'],
  [
    'the monitor cannot use the data key',
    kms(MONITOR, 'kms:Decrypt', key('Data', 'prod'), inVault(PROD_VAULT)),
    'deny',
  ],
  ['the monitor reads no registered models', s3(MONITOR, 's3:GetObject', PROD_MODELS, '/job/model.tar.gz'), 'deny'],
  ['the monitor asks nothing of the model', { ...served('sagemaker:InvokeEndpoint'), principal: MONITOR }, 'deny'],
  ['the monitor adds no records', s3(MONITOR, 's3:PutObject', PROD_EVIDENCE, '/records/credit-scoring/1.json'), 'deny'],
  [
    'the gateway of production reads no captures',
    s3(PROD_GATEWAY, 's3:GetObject', PROD_CAPTURES, '/captures/a'),
    'deny',
  ],
  [
    'an administrator does not decrypt captured requests of production',
    kms(ADMINISTRATOR, 'kms:Decrypt', key('Inference', 'prod'), inVault(PROD_CAPTURES)),
    'deny',
  ],
  // Keys
  ...['Data', 'Training', 'Model', 'Inference', 'Logs'].flatMap((purpose): Row[] => [
    [
      `an administrator does not decrypt with the ${purpose} key`,
      kms(ADMINISTRATOR, 'kms:Decrypt', key(purpose)),
      'deny',
    ],
    [
      `an administrator does not encrypt with the ${purpose} key`,
      kms(ADMINISTRATOR, 'kms:GenerateDataKey', key(purpose)),
      'deny',
    ],
    [
      `an administrator administers the ${purpose} key`,
      kms(ADMINISTRATOR, 'kms:ScheduleKeyDeletion', key(purpose)),
      'allow',
    ],
    [`an administrator describes the ${purpose} key`, kms(ADMINISTRATOR, 'kms:DescribeKey', key(purpose)), 'allow'],
  ]),
  ...['Audit', 'Logs'].map(
    (purpose): Row => [
      `an administrator does not decrypt with the platform's ${purpose} key`,
      kms(ADMINISTRATOR, 'kms:Decrypt', arn(`dev/foundation/Keys/${purpose}`)),
      'deny',
    ],
  ),
  ['an administrator does not sign', kms(ADMINISTRATOR, 'kms:Sign', key('Seal')), 'deny'],
  ['an administrator makes no pseudonyms', kms(ADMINISTRATOR, 'kms:GenerateMac', key('Pseudonym')), 'deny'],
  ['an administrator grants nobody the data key', kms(ADMINISTRATOR, 'kms:CreateGrant', key('Data')), 'deny'],
  ['the gateway makes pseudonyms', kms(GATEWAY, 'kms:GenerateMac', key('Pseudonym')), 'allow'],
  // Evidence
  [
    'the gateway adds records of its system',
    s3(GATEWAY, 's3:PutObject', EVIDENCE, '/records/credit-scoring/1.json'),
    'allow',
  ],
  [
    'the gateway adds no records of another system',
    s3(GATEWAY, 's3:PutObject', EVIDENCE, '/records/support-assistant/1.json'),
    'deny',
  ],
  ['the gateway reads no records', s3(GATEWAY, 's3:GetObject', EVIDENCE, '/records/credit-scoring/1.json'), 'deny'],
  [
    'the gateway deletes no records',
    s3(GATEWAY, 's3:DeleteObject', EVIDENCE, '/records/credit-scoring/1.json'),
    'deny',
  ],
  [
    'an administrator deletes no records',
    s3(ADMINISTRATOR, 's3:DeleteObject', EVIDENCE, '/records/credit-scoring/1.json'),
    'deny',
  ],
  [
    'an administrator deletes no version',
    s3(ADMINISTRATOR, 's3:DeleteObjectVersion', EVIDENCE, '/AWSLogs/1/a.gz'),
    'deny',
  ],
  [
    'an administrator bypasses no retention',
    s3(ADMINISTRATOR, 's3:BypassGovernanceRetention', EVIDENCE, '/AWSLogs/1/a.gz'),
    'deny',
  ],
  [
    'an administrator shortens no retention',
    s3(ADMINISTRATOR, 's3:PutObjectRetention', EVIDENCE, '/AWSLogs/1/a.gz', LOCKED),
    'deny',
  ],
  [
    'an administrator writes no trail files',
    s3(ADMINISTRATOR, 's3:PutObject', EVIDENCE, '/AWSLogs/111122223333/a.gz'),
    'deny',
  ],
  [
    'the assistant adds no records of credit scoring',
    s3(ASSISTANT, 's3:PutObject', EVIDENCE, '/records/credit-scoring/1.json'),
    'deny',
  ],
  [
    'the gateway adds no records in production from dev',
    s3(GATEWAY, 's3:PutObject', PROD_EVIDENCE, '/records/credit-scoring/1.json'),
    'deny',
  ],
  ['training adds no records', s3(TRAINER, 's3:PutObject', EVIDENCE, '/records/credit-scoring/1.json'), 'deny'],
  // The identity perimeter of every bucket. The caller's own policies allow it everything, wherever its account is.
  ...(
    [
      ['sealed data', VAULT, data, SEALED],
      ['training runs', RUNS, '/runs/a/output/model.tar.gz', {}],
      ['models', MODELS, '/job/model.tar.gz', {}],
      ['captured requests', CAPTURES, '/captures/a', {}],
      ['evidence', EVIDENCE, '/records/credit-scoring/1.json', {}],
    ] as const
  ).flatMap(([what, bucket, object, context]): Row[] => [
    [
      `another account reads no ${what}`,
      s3(ADMINISTRATOR, 's3:GetObject', bucket, object, { ...context, ...ELSEWHERE }),
      'deny',
    ],
    [
      `another account reads no old version of ${what}`,
      s3(ADMINISTRATOR, 's3:GetObjectVersion', bucket, object, { ...context, ...ELSEWHERE }),
      'deny',
    ],
    [
      `a service that was allowed to reads ${what}`,
      s3(ADMINISTRATOR, 's3:GetObject', bucket, object, { ...context, ...SERVICE }),
      'allow',
    ],
  ]),
  ['who repairs a bucket policy is not locked out', s3(ADMINISTRATOR, 's3:PutBucketPolicy', VAULT, ''), 'allow'],
  // The kill switch
  ['the kill switch stops its gateway', concurrencyOf(SWITCH, GATEWAY), 'allow'],
  ['the kill switch stops no other gateway', concurrencyOf(SWITCH, ASSISTANT), 'deny'],
  ['the gateway does not lift its own stop', concurrencyOf(GATEWAY, GATEWAY), 'deny'],
  ['an administrator does not act as the kill switch', assume(ADMINISTRATOR, SWITCH), 'deny'],
  [
    'sagemaker:CreateEndpoint attached to the kill switch by hand does nothing',
    byHand(SWITCH, 'sagemaker:CreateEndpoint', endpoint()),
    'deny',
  ],
  // Models
  ['the registrar writes artifacts', s3(REGISTRAR, 's3:PutObject', MODELS, '/job/model.tar.gz'), 'allow'],
  ['the registrar writes bills of materials', s3(REGISTRAR, 's3:PutObject', MODELS, '/job/bill.cdx.json'), 'allow'],
  ['the registrar deletes no bills', s3(REGISTRAR, 's3:DeleteObject', MODELS, '/job/bill.cdx.json'), 'deny'],
  [
    'the registrar writes no approvals',
    s3(REGISTRAR, 's3:PutObject', MODELS, '/approvals/dev-credit-scoring/1.json'),
    'deny',
  ],
  ['the registrar does not sign', kms(REGISTRAR, 'kms:Sign', key('Seal')), 'deny'],
  [
    'the deciding function writes approvals',
    s3(DECIDER, 's3:PutObject', MODELS, '/approvals/dev-credit-scoring/1.json'),
    'allow',
  ],
  ['the deciding function signs', kms(DECIDER, 'kms:Sign', key('Seal')), 'allow'],
  [
    'an administrator writes no approvals',
    s3(ADMINISTRATOR, 's3:PutObject', MODELS, '/approvals/dev-credit-scoring/1.json'),
    'deny',
  ],
  ['the registrar approves no model package', approval(REGISTRAR), 'deny'],
  ['the pipeline approves no model package', approval(PIPELINE), 'deny'],
  ['training approves no model package', approval(TRAINER), 'deny'],
  ['an administrator approves no model package', approval(ADMINISTRATOR), 'deny'],
  ['the registrar registers packages that wait for approval', registration('PendingManualApproval'), 'allow'],
  ['the registrar registers nothing as approved', registration('Approved'), 'deny'],
  [
    'the deciding function rejects a package',
    { ...approval(DECIDER), context: { 'sagemaker:ModelApprovalStatus': 'Rejected' } },
    'allow',
  ],
  ['the scanner registers nothing', s3(SCANNER, 's3:PutObject', MODELS, '/job/model.tar.gz'), 'deny'],
  ['the scanner writes no bills', s3(SCANNER, 's3:PutObject', MODELS, '/job/bill.cdx.json'), 'deny'],
  // Bedrock
  ['the assistant calls its model with its guardrail', bedrock(profile, guardrailVersion()), 'allow'],
  ['the assistant calls no model without a guardrail', bedrock(profile), 'deny'],
  ['the assistant calls no model with another guardrail', bedrock(profile, `${guardrail}x:1`), 'deny'],
  [
    'nothing attached to the assistant gives it a model without its guardrail',
    { ...bedrock(profile), attached: allowing('bedrock:*') },
    'deny',
  ],
  [
    'nothing attached to the assistant gives it a model behind an agent',
    byHand(ASSISTANT, 'bedrock:InvokeAgent', 'arn:aws:bedrock:eu-west-1:111122223333:agent-alias/A1/B1'),
    'deny',
  ],
  ['the assistant calls no other model', bedrock(otherModel, guardrailVersion()), 'deny'],
  [
    'the assistant invokes no endpoint',
    { principal: ASSISTANT, action: 'sagemaker:InvokeEndpoint', resource: endpoint() },
    'deny',
  ],
  [
    'the gateway invokes its endpoint',
    { principal: GATEWAY, action: 'sagemaker:InvokeEndpoint', resource: endpoint() },
    'allow',
  ],
  ['the gateway calls no model of Bedrock', { ...bedrock(profile, guardrailVersion()), principal: GATEWAY }, 'deny'],
  ['the assistant reads no data of credit scoring', s3(ASSISTANT, 's3:GetObject', VAULT, data, SEALED), 'deny'],
  ['the assistant cannot use keys of credit scoring', kms(ASSISTANT, 'kms:Decrypt', key('Inference')), 'deny'],
  [
    'credit scoring cannot use keys of the assistant',
    kms(GATEWAY, 'kms:Decrypt', key('Inference', 'dev', 'support-assistant')),
    'deny',
  ],
  // Drift and rollback
  ['the drift monitor reads captured requests', s3(DRIFT_MONITOR, 's3:GetObject', CAPTURES, CAPTURED), 'allow'],
  ['the drift monitor writes no captures', s3(DRIFT_MONITOR, 's3:PutObject', CAPTURES, CAPTURED), 'deny'],
  [
    'the drift monitor reads what it noted of a deployment',
    s3(DRIFT_MONITOR, 's3:GetObject', DRIFT, '/deployments/1.json'),
    'allow',
  ],
  ['the drift monitor decides nothing', s3(DRIFT_MONITOR, 's3:PutObject', DRIFT, '/decisions/1.json'), 'deny'],
  ['the drift monitor switches no endpoint', ofEndpoint(DRIFT_MONITOR, 'sagemaker:UpdateEndpoint'), 'deny'],
  ['a rollback switches its endpoint', ofEndpoint(ROLLBACK, 'sagemaker:UpdateEndpoint'), 'allow'],
  ['a rollback switches it to a configuration of its own', configuration('dev-credit-scoring'), 'allow'],
  ['a rollback switches it to no configuration of another', configuration('dev-other'), 'deny'],
  ['a rollback switches no endpoint of production', ofEndpoint(ROLLBACK, 'sagemaker:UpdateEndpoint', 'prod'), 'deny'],
  [
    'a rollback makes no configuration',
    { ...configuration('dev-credit-scoring'), action: 'sagemaker:CreateEndpointConfig' },
    'deny',
  ],
  ['a rollback reads no captured requests', s3(ROLLBACK, 's3:GetObject', CAPTURES, CAPTURED), 'deny'],
  ['a rollback writes decisions', s3(ROLLBACK, 's3:PutObject', DRIFT, '/decisions/1.json'), 'allow'],
  ['a rollback takes nothing out of quarantine', s3(ROLLBACK, 's3:DeleteObject', DRIFT, '/quarantine/1.json'), 'deny'],
  ['a rollback writes no smoke set', s3(ROLLBACK, 's3:PutObject', DRIFT, '/smoke/set.jsonl'), 'deny'],
  [
    'a rollback approves nothing',
    { ...ofEndpoint(ROLLBACK, 'sagemaker:UpdateModelPackage'), resource: PACKAGE },
    'deny',
  ],
  // The ledger
  ['the sealing function records events of its system', record(SEALER), 'allow'],
  ['the approving function records events of its system', record(DECIDER), 'allow'],
  ['a rollback records events of its system', record(ROLLBACK), 'allow'],
  ['a rollback records no events of another system', record(ROLLBACK, 'support-assistant'), 'deny'],
  ['a rollback records no events of production', record(ROLLBACK, 'credit-scoring', 'prod'), 'deny'],
  ['a rollback does not speak past its alias', { ...record(ROLLBACK), resource: arn(`${LEDGER}/Append`) }, 'deny'],
  ['training records no events', record(TRAINER), 'deny'],
  ['the gateway records no events', record(GATEWAY), 'deny'],
  ['the ledger writes an entry', s3(`${LEDGER}/AppendRole`, 's3:PutObject', `${LEDGER}/Bucket`, ENTRY, NEW), 'allow'],
  [
    'the ledger overwrites no entry',
    s3(`${LEDGER}/AppendRole`, 's3:PutObject', `${LEDGER}/Bucket`, ENTRY, OVER),
    'deny',
  ],
  ['an administrator writes no entry', s3(ADMINISTRATOR, 's3:PutObject', `${LEDGER}/Bucket`, ENTRY, NEW), 'deny'],
  ['an administrator deletes no entry', s3(ADMINISTRATOR, 's3:DeleteObjectVersion', `${LEDGER}/Bucket`, ENTRY), 'deny'],
  [
    'the ledger reads the records that it digests',
    s3(`${LEDGER}/Digest-credit-scoringRole`, 's3:GetObject', EVIDENCE, '/records/credit-scoring/1.json'),
    'allow',
  ],
  [
    'the ledger of one system reads no records of another',
    s3(`${LEDGER}/Digest-credit-scoringRole`, 's3:GetObject', EVIDENCE, '/records/support-assistant/1.json'),
    'deny',
  ],
  // The boundary holds against what is attached by hand
  ...['iam:AttachRolePolicy', 'iam:PutRolePolicy', 'iam:TagRole', 'iam:CreateRole', 'sts:TagSession'].map(
    (action): Row => [
      `${action} attached to training by hand does nothing`,
      byHand(TRAINER, action, 'arn:aws:iam::111122223333:role/any'),
      'deny',
    ],
  ),
  [
    'kms:PutKeyPolicy attached to the gateway by hand does nothing',
    byHand(GATEWAY, 'kms:PutKeyPolicy', key('Inference')),
    'deny',
  ],
  [
    's3:DeleteBucketPolicy attached to training by hand does nothing',
    byHand(TRAINER, 's3:DeleteBucketPolicy', arn(VAULT)),
    'deny',
  ],
  [
    'dynamodb:Scan attached to the gateway by hand does nothing',
    byHand(GATEWAY, 'dynamodb:Scan', 'arn:aws:dynamodb:eu-west-1:111122223333:table/any'),
    'deny',
  ],
  ['the pipeline passes the role of training', pass(PIPELINE, arn(TRAINER)), 'allow'],
  ['the pipeline passes no other role', pass(PIPELINE, arn(SERVER)), 'deny'],
  [
    'iam:PassRole attached to the pipeline by hand passes no other role',
    { ...pass(PIPELINE, arn(SERVER)), attached: allowing('iam:PassRole') },
    'deny',
  ],
  ['training passes no role', pass(TRAINER, arn(TRAINER)), 'deny'],
];

function ofEndpoint(principal: string, action: string, stage = 'dev'): AccessRequest {
  return { principal, action, resource: `arn:aws:sagemaker:eu-west-1:111122223333:endpoint/${stage}-credit-scoring` };
}

/** Calls the alias of the ledger that is one system. */
function record(principal: string, system = 'credit-scoring', stage = 'dev'): AccessRequest {
  return { principal, action: 'lambda:InvokeFunction', resource: arn(`${stage}/ledger/Ledger/Writer-${system}`) };
}

function configuration(endpointName: string): AccessRequest {
  return {
    principal: ROLLBACK,
    action: 'sagemaker:UpdateEndpoint',
    resource: 'arn:aws:sagemaker:eu-west-1:111122223333:endpoint-config/any',
    context: { 'aws:ResourceTag/palisade:endpoint': endpointName },
  };
}

/** Rows on the jobs of SageMaker Model Monitor, where a manifest asks for them. */
const rowsOfModelMonitor: Row[] = [
  ['Model Monitor reads captured requests', s3(MODEL_MONITOR, 's3:GetObject', PROD_CAPTURES, '/captures/a'), 'allow'],
  [
    'Model Monitor decrypts captured requests',
    kms(MODEL_MONITOR, 'kms:Decrypt', key('Inference', 'prod'), inVault(PROD_CAPTURES)),
    'allow',
  ],
  [
    'Model Monitor reads baselines',
    s3(MODEL_MONITOR, 's3:GetObject', PROD_CAPTURES, '/baselines/data-quality/constraints.json'),
    'allow',
  ],
  [
    'Model Monitor writes no baselines',
    s3(MODEL_MONITOR, 's3:PutObject', PROD_CAPTURES, '/baselines/data-quality/constraints.json'),
    'deny',
  ],
  [
    'Model Monitor writes reports',
    s3(MODEL_MONITOR, 's3:PutObject', PROD_CAPTURES, '/monitoring/data-quality/a'),
    'allow',
  ],
  ['Model Monitor writes no captures', s3(MODEL_MONITOR, 's3:PutObject', PROD_CAPTURES, '/captures/a'), 'deny'],
  ['Model Monitor writes no ground truth', s3(MODEL_MONITOR, 's3:PutObject', PROD_CAPTURES, '/ground-truth/a'), 'deny'],
  ['Model Monitor reads no captures of dev', s3(MODEL_MONITOR, 's3:GetObject', CAPTURES, '/captures/a'), 'deny'],
  ['Model Monitor reads no training data', s3(MODEL_MONITOR, 's3:GetObject', PROD_VAULT, data, SEALED), 'deny'],
  [
    'Model Monitor cannot use the data key',
    kms(MODEL_MONITOR, 'kms:Decrypt', key('Data', 'prod'), inVault(PROD_VAULT)),
    'deny',
  ],
  [
    'Model Monitor reads no registered models',
    s3(MODEL_MONITOR, 's3:GetObject', PROD_MODELS, '/job/model.tar.gz'),
    'deny',
  ],
  ['Model Monitor asks the model on an endpoint of Clarify', shadow('sagemaker:InvokeEndpoint'), 'allow'],
  [
    'Model Monitor makes that endpoint through the network',
    through(shadow('sagemaker:CreateEndpoint'), 'api'),
    'allow',
  ],
  ['Model Monitor asks through the network', through(shadow('sagemaker:InvokeEndpoint'), 'runtime'), 'allow'],
  ['Model Monitor makes it on the type that serves the model', shadowConfig('ml.m5.large'), 'allow'],
  ['Model Monitor makes it on no other type', shadowConfig('ml.p4d.24xlarge'), 'deny'],
  ['Model Monitor asks nothing of the endpoint that serves', served('sagemaker:InvokeEndpoint'), 'deny'],
  ['Model Monitor does not delete the endpoint that serves', served('sagemaker:DeleteEndpoint'), 'deny'],
  ['Model Monitor changes no endpoint that serves', served('sagemaker:UpdateEndpoint'), 'deny'],
];

test('the table has at least 60 rows, all different', () => {
  const sentences = [...rows, ...rowsOfModelMonitor].map(([sentence]) => sentence);
  expect(new Set(sentences).size).toBe(sentences.length);
  expect(rows.length).toBeGreaterThanOrEqual(60);
});

test.each(rows)('%s', async (_, request, expected) => {
  const decision = await evaluate(graph, request);
  expect(short(decision)).toBe(expected);
});

test.each(rowsOfModelMonitor)('%s', async (_, request, expected) => {
  const decision = await evaluate(modelMonitored, request);
  expect(short(decision)).toBe(expected);
});

describe('of all roles of both stages,', () => {
  const roles = accessModel(graph).principals.map(({ role }) => role.path.replace(/\/Resource$/, ''));

  test('there are some', () => {
    expect(roles.length).toBeGreaterThanOrEqual(2 * 20);
  });

  const sweeps: [sentence: string, request: Omit<AccessRequest, 'principal'>, expected: string[]][] = [
    ['the sealing and the approving function sign', kms('', 'kms:Sign', key('Seal')), [SEALER, DECIDER]],
    [
      'data keys open for training, its gate and the two functions of the vault',
      kms('', 'kms:Decrypt', key('Data'), inVault()),
      [SEALER, VERIFIER, TRAINER, QUALITY],
    ],
    [
      'sealed data is read by training, its gate and the two functions of the vault',
      s3('', 's3:GetObject', VAULT, data, SEALED),
      [SEALER, VERIFIER, TRAINER, QUALITY],
    ],
    [
      'unsealed data is read by the two functions of the vault',
      s3('', 's3:GetObject', VAULT, data),
      [SEALER, VERIFIER],
    ],
    ['the sealing function tags', s3('', 's3:PutObjectVersionTagging', VAULT, data), [SEALER]],
    ['nobody deletes evidence', s3('', 's3:DeleteObjectVersion', EVIDENCE, '/records/credit-scoring/1.json'), []],
    ['nobody shortens retention', s3('', 's3:PutObjectRetention', EVIDENCE, '/records/credit-scoring/1.json'), []],
    [
      'the gateway adds records of its system',
      s3('', 's3:PutObject', EVIDENCE, '/records/credit-scoring/1.json'),
      [GATEWAY],
    ],
    [
      'the monitor reads captured requests of production',
      s3('', 's3:GetObject', PROD_CAPTURES, '/captures/a'),
      [MONITOR],
    ],
    [
      'the monitor and the drift monitor read them where SageMaker puts them',
      s3('', 's3:GetObject', PROD_CAPTURES, '/captures/prod-credit-scoring/AllTraffic/2026/11/27/00/a.jsonl'),
      [MONITOR, DRIFT_MONITOR.replace('dev/', 'prod/')],
    ],
    ['a rollback switches the endpoint', ofEndpoint('', 'sagemaker:UpdateEndpoint'), [ROLLBACK]],
    ['nobody writes the baseline of the monitor', s3('', 's3:PutObject', PROD_CAPTURES, PROFILE), []],
    [
      'what decides, and the digests of records, speak in the ledger for credit scoring',
      record(''),
      [SEALER, DECIDER, DRIFT_MONITOR, ROLLBACK, `${LEDGER}/Digest-credit-scoringRole`],
    ],
    ['the ledger writes entries', s3('', 's3:PutObject', `${LEDGER}/Bucket`, ENTRY, NEW), [`${LEDGER}/AppendRole`]],
    ['the kill switch stops the gateway', concurrencyOf('', GATEWAY), [SWITCH]],
    ['the pipeline passes the role of training', pass('', arn(TRAINER)), [PIPELINE]],
    ['the assistant calls its model', bedrock(profile, guardrailVersion()), [ASSISTANT]],
  ];

  test.each(sweeps)('only these: %s', async (_, request, expected) => {
    const decisions = await Promise.all(roles.map((principal) => evaluate(graph, { ...request, principal })));
    const allowed = roles.filter((_, index) => decisions[index] === 'allow');
    expect(allowed.sort()).toEqual([...expected].sort());
  });
});

describe('a row notices that its protection is gone:', () => {
  const mutations: [protection: string, without: () => TemplateGraph, sentence: string][] = [
    [
      'unsealed data is denied by the vault',
      () => withoutStatements(templates, `${VAULT}/Policy`, 'ReadSealedOnly'),
      'an administrator reads nothing unsealed',
    ],
    [
      'only the sealing function tags',
      () => withoutStatements(templates, `${VAULT}/Policy`, 'OnlySealerTags'),
      'an administrator does not seal by tag',
    ],
    [
      'nobody deletes evidence',
      () => withoutStatements(templates, `${EVIDENCE}/Policy`, 'NoDeletion'),
      'an administrator deletes no version',
    ],
    [
      'retention is only ever extended',
      () => withoutStatements(templates, `${EVIDENCE}/Policy`, 'NoShorterRetention'),
      'an administrator shortens no retention',
    ],
    [
      'the account administers keys without using them',
      () => withChanged(templates, 'dev/credit-scoring-data/Keys/Data', leftToIam),
      'an administrator does not decrypt with the Data key',
    ],
    [
      'the boundary is on the role',
      () => withChanged(templates, TRAINER, ({ PermissionsBoundary, ...properties }) => properties),
      'iam:AttachRolePolicy attached to training by hand does nothing',
    ],
    [
      'calls without the guardrail are denied',
      () => withoutStatements(templates, `${ASSISTANT}/Permissions`, 'NoModelWithoutGuardrail'),
      'nothing attached to the assistant gives it a model without its guardrail',
    ],
    [
      'only principals of the account read objects',
      () => withoutStatements(templates, `${MODELS}/Policy`, 'OnlyThisAccountReads'),
      'another account reads no models',
    ],
    [
      'what is in the ledger is not overwritten',
      () => withoutStatements(templates, `${LEDGER}/Bucket/Policy`, 'NoOverwriting'),
      'the ledger overwrites no entry',
    ],
    [
      'only approvers change the status of a model package',
      () => withChanged(templates, 'dev/credit-scoring-data/Registry/Group', withoutGroupPolicy),
      'an administrator approves no model package',
    ],
    [
      'only Lambda assumes the role of the sealing function',
      () => withChanged(templates, SEALER, trustingTheAccount),
      'an administrator does not act as the sealing function',
    ],
  ];

  test.each(mutations)('%s', async (_, without, sentence) => {
    const row = rows.find(([name]) => name === sentence);
    expect(row?.[2]).toBe('deny');
    expect(row && (await evaluate(without(), row[1]))).toBe('allow');
  });
});

const ROOT = { AWS: 'arn:aws:iam::111122223333:root' };

/** The key policy that AWS gives a key by default: IAM policies decide alone. */
function leftToIam(properties: Record<string, unknown>): Record<string, unknown> {
  const Statement = [{ Effect: 'Allow', Action: 'kms:*', Resource: '*', Principal: ROOT }];
  return { ...properties, KeyPolicy: { Version: '2012-10-17', Statement } };
}

function withoutGroupPolicy({ ModelPackageGroupPolicy, ...properties }: Record<string, unknown>) {
  return properties;
}

function trustingTheAccount(properties: Record<string, unknown>): Record<string, unknown> {
  const Statement = [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: ROOT }];
  return { ...properties, AssumeRolePolicyDocument: { Version: '2012-10-17', Statement } };
}

function short(decision: Decision): 'allow' | 'deny' {
  return decision === 'allow' ? 'allow' : 'deny';
}

function s3(
  principal: AccessRequest['principal'],
  action: string,
  bucket: string,
  object: string,
  context: AccessRequest['context'] = {},
): AccessRequest {
  return { principal, action, resource: arn(bucket, object), context };
}

function listing(principal: string, prefix: string): AccessRequest {
  return { ...s3(principal, 's3:ListBucket', PROD_CAPTURES, ''), context: { 's3:prefix': prefix } };
}

function kms(
  principal: AccessRequest['principal'],
  action: string,
  resource: string,
  context: AccessRequest['context'] = {},
): AccessRequest {
  return { principal, action, resource, context };
}

function bedrock(resource: string, identifier?: string): AccessRequest {
  const context: Record<string, string> = identifier === undefined ? {} : { 'bedrock:GuardrailIdentifier': identifier };
  return { principal: ASSISTANT, action: 'bedrock:InvokeModel', resource, context };
}

/** The published version, as the policy of the assistant names it. */
function guardrailVersion(): string {
  const [version] = graph.ofType('AWS::Bedrock::GuardrailVersion').filter(({ path }) => path.startsWith('dev/'));
  return `${guardrail}:${version.name}.Version`;
}

function endpoint(): string {
  return 'arn:aws:sagemaker:eu-west-1:111122223333:endpoint/dev-credit-scoring';
}

function shadow(action: string): AccessRequest {
  const resource = `arn:aws:sagemaker:eu-west-1:111122223333:endpoint/${CLARIFY}`;
  return { principal: MODEL_MONITOR, action, resource };
}

function shadowConfig(instanceType: string): AccessRequest {
  const resource = `arn:aws:sagemaker:eu-west-1:111122223333:endpoint-config/${CLARIFY}`;
  const context = { 'sagemaker:InstanceTypes': [instanceType] };
  return { principal: MODEL_MONITOR, action: 'sagemaker:CreateEndpointConfig', resource, context };
}

function served(action: string): AccessRequest {
  return {
    principal: MODEL_MONITOR,
    action,
    resource: 'arn:aws:sagemaker:eu-west-1:111122223333:endpoint/prod-credit-scoring',
  };
}

function through(request: AccessRequest, service: string): AccessRequest {
  return { ...request, through: `prod/inference-network/Network/Endpoint-sagemaker.${service}` };
}

function byHand(principal: string, action: string, resource: string): AccessRequest {
  return { principal, action, resource, attached: allowing(action) };
}

function allowing(Action: string): PolicyDocument {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] };
}

function assume(principal: AccessRequest['principal'], role: string): AccessRequest {
  return { principal, action: 'sts:AssumeRole', resource: arn(role), attached: allowing('sts:AssumeRole') };
}

/** A change of the concurrency of the function that runs with this role. */
function concurrencyOf(principal: AccessRequest['principal'], role: string): AccessRequest {
  return { principal, action: 'lambda:PutFunctionConcurrency', resource: arn(role.replace(/Role$/, '')) };
}

function registration(status: string): AccessRequest {
  const context = { 'sagemaker:ModelApprovalStatus': status };
  return { principal: REGISTRAR, action: 'sagemaker:CreateModelPackage', resource: PACKAGE, context };
}

function approval(principal: AccessRequest['principal']): AccessRequest {
  return {
    principal,
    action: 'sagemaker:UpdateModelPackage',
    resource: PACKAGE,
    context: { 'sagemaker:ModelApprovalStatus': 'Approved' },
  };
}

function pass(principal: string, resource: string): AccessRequest {
  return { principal, action: 'iam:PassRole', resource, context: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } };
}
