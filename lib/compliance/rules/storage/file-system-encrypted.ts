import { type GraphResource, Opaque, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { mustBe, propertyOf, unresolved, violation } from '../../expect';
import { isOwnKey } from '../../requirements';
import { ERROR_FROM_LIMITED, type Violation } from '../../rule';
import { actionCovers, type Statement, statementsOf } from '../../statements';

const OWN_KEY = isOwnKey('KmsKeyId');
const Model = { Type: 'AWS::SageMaker::Model' };
const POLICY = {
  Statement: {
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action: '*',
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  },
};

/**
 * File systems that feed training are encrypted with one's own key, and EFS is mounted over TLS only. Scratch file systems
 * of FSx for Lustre take no key (Amazon FSx for Lustre User Guide, "Encrypting data at rest").
 */
export const fileSystemEncrypted = rule({
  id: 'FileSystemEncrypted',
  appliesTo: ['AWS::EFS::FileSystem', 'AWS::FSx::FileSystem'],
  scope: 'ai',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.7.2', 'A.4.5'],
  crosswalk: { securityHub: ['EFS.1'], nist80053: ['SC-8', 'SC-12', 'SC-28'] },
  why: 'Datasets on a shared file system are readable from a stolen snapshot or from the network they are mounted over.',
  fix: 'Set Encrypted and KmsKeyId, and deny everything in FileSystemPolicy if aws:SecureTransport is false.',
  claims: ['Encrypted', 'KmsKeyId', 'FileSystemPolicy.Deny.aws:SecureTransport'],
  beyondGuard: 'a file system policy must be read as a whole, and the tags of EFS have a name of their own',
  check: (fileSystem) => {
    const key = OWN_KEY.judge(fileSystem.properties, '');
    if (fileSystem.type === 'AWS::FSx::FileSystem') {
      return isScratch(fileSystem) ? undefined : key;
    }
    return [...mustBe(fileSystem, 'Encrypted', true), ...key, ...tlsOnly(fileSystem)];
  },
  configRules: ['EFS_ENCRYPTED_CHECK'],
  compliant: {
    Efs: {
      Type: 'AWS::EFS::FileSystem',
      Properties: { Encrypted: true, KmsKeyId: 'key', FileSystemPolicy: POLICY },
    },
    Model,
  },
  nonCompliant: { Efs: { Type: 'AWS::EFS::FileSystem', Properties: { Encrypted: true } }, Model },
});

/** SCRATCH_1 is what Lustre gets without a type (CloudFormation, `LustreConfiguration.DeploymentType`). */
function isScratch(fileSystem: GraphResource): boolean {
  const type = propertyOf(fileSystem, 'LustreConfiguration.DeploymentType') ?? 'SCRATCH_1';
  return fileSystem.properties.FileSystemType === 'LUSTRE' && /^SCRATCH/.test(textOf(type));
}

function tlsOnly({ properties: { FileSystemPolicy: policy } }: GraphResource): Violation[] {
  if (policy instanceof Opaque) {
    return [unresolved('FileSystemPolicy', policy)];
  }
  return statementsOf(policy).some(deniesPlainMount)
    ? []
    : [violation('FileSystemPolicy', 'found no statement that denies mounting without TLS')];
}

function deniesPlainMount({ effect, principals, actions, conditions }: Statement): boolean {
  const secure = conditions.Bool?.['aws:SecureTransport'] ?? conditions.BoolIfExists?.['aws:SecureTransport'];
  return (
    effect === 'Deny' &&
    principals.includes('*') &&
    textOf(secure) === 'false' &&
    actions.some((pattern) => actionCovers(pattern, 'elasticfilesystem:ClientMount'))
  );
}
