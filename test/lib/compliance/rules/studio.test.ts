import { STUDIO_RULES } from '../../../../lib/compliance/rules/studio';
import { sageMakerDomainDockerDisabled } from '../../../../lib/compliance/rules/studio/domain-docker-disabled';
import { sageMakerDomainOutputSharing } from '../../../../lib/compliance/rules/studio/domain-output-sharing';
import { sageMakerNotebookImdsV2 } from '../../../../lib/compliance/rules/studio/notebook-imds-v2';
import { sageMakerNotebookPlatformCurrent } from '../../../../lib/compliance/rules/studio/notebook-platform-current';
import { sageMakerSpacePrivate } from '../../../../lib/compliance/rules/studio/space-private';
import { guardJudge } from '../../../support/guard';
import { changed, describeRules, verdict } from '../../../support/rules';

describeRules(STUDIO_RULES);

const notebook = (Properties: object) => ({ Notebook: { Type: 'AWS::SageMaker::NotebookInstance', Properties } });
const domain = (Properties: object) => ({ Domain: { Type: 'AWS::SageMaker::Domain', Properties } });

describe('Docker in Studio', () => {
  const docker = (DockerSettings: object) => domain({ DomainSettings: { DockerSettings } });

  test.each([
    ['is off by default, so there is nothing to judge', {}, 'not applicable'],
    ['may be off in so many words', { EnableDockerAccess: 'DISABLED' }, 'compliant'],
    [
      'may be on for the images of named accounts',
      { EnableDockerAccess: 'ENABLED', VpcOnlyTrustedAccounts: ['111122223333'] },
      'compliant',
    ],
    [
      'trusts nobody with an empty list',
      { EnableDockerAccess: 'ENABLED', VpcOnlyTrustedAccounts: [] },
      ['DomainSettings.DockerSettings.EnableDockerAccess'],
    ],
    [
      'is not called off when only the deployment knows',
      { EnableDockerAccess: { 'Fn::Unheard': 1 } },
      ['unresolved DomainSettings.DockerSettings.EnableDockerAccess'],
    ],
  ])('%s', (_, settings, expected) => {
    expect(verdict(sageMakerDomainDockerDisabled, docker(settings))).toEqual(expected);
  });

  test('is judged the same by Guard', () => {
    const judge = guardJudge([sageMakerDomainDockerDisabled]);
    const on = { EnableDockerAccess: 'ENABLED' };
    expect(judge(docker({ ...on, VpcOnlyTrustedAccounts: ['111122223333'] }))).toEqual([]);
    expect(judge(docker({ ...on, VpcOnlyTrustedAccounts: [] }))).toHaveLength(1);
  });
});

describe('shared notebook output', () => {
  const sharing = (SharingSettings: object) => domain({ DefaultUserSettings: { SharingSettings } });
  const path = 'DefaultUserSettings.SharingSettings';

  test('may go out under a key of the owner, not under a key of AWS', () => {
    const verdictOf = (S3KmsKeyId: string) =>
      verdict(sageMakerDomainOutputSharing, sharing({ NotebookOutputOption: 'Allowed', S3KmsKeyId }));
    expect(verdictOf('alias/own')).toBe('compliant');
    expect(verdictOf('alias/aws/s3')).toEqual([`${path}.S3KmsKeyId`]);
  });

  test('is judged where a user profile overrides the domain', () => {
    const SharingSettings = { NotebookOutputOption: 'Allowed' };
    const Profile = { Type: 'AWS::SageMaker::UserProfile', Properties: { UserSettings: { SharingSettings } } };
    expect(verdict(sageMakerDomainOutputSharing, { Profile })).toEqual([
      'UserSettings.SharingSettings.NotebookOutputOption',
    ]);
  });
});

test('a space without sharing settings is not private, and remote access opens a private one', () => {
  const space = sageMakerSpacePrivate.compliant;
  expect(verdict(sageMakerSpacePrivate, { Space: { Type: 'AWS::SageMaker::Space' } })).toEqual([
    'SpaceSharingSettings.SharingType',
  ]);
  expect(
    verdict(sageMakerSpacePrivate, changed(space, 'Space', { SpaceSettings: { RemoteAccess: 'ENABLED' } })),
  ).toEqual(['SpaceSettings.RemoteAccess']);
});

test.each(['notebook-al1-v1', 'notebook-al2-v3', undefined])('the platform %s is not current', (PlatformIdentifier) => {
  expect(verdict(sageMakerNotebookPlatformCurrent, notebook({ PlatformIdentifier }))).toEqual(['PlatformIdentifier']);
});

test('version 2 of the metadata service may be written as a number', () => {
  const InstanceMetadataServiceConfiguration = { MinimumInstanceMetadataServiceVersion: 2 };
  expect(verdict(sageMakerNotebookImdsV2, notebook({ InstanceMetadataServiceConfiguration }))).toBe('compliant');
});
