import { rule } from '../../define-rule';
import { is, isOneOf } from '../../requirements';
import { ALWAYS_WARNING } from '../../rule';

/** A Studio space has one user, who works inside Studio. */
export const sageMakerSpacePrivate = rule({
  id: 'SageMakerSpacePrivate',
  level: ALWAYS_WARNING,
  annexA: ['A.4.5'],
  crosswalk: { nist80053: ['AC-3', 'AC-17'] },
  why: 'In a shared space every member acts as the others, and remote access takes the data to a laptop.',
  fix: 'Set SpaceSharingSettings.SharingType to Private, and leave SpaceSettings.RemoteAccess at DISABLED.',
  requires: {
    'AWS::SageMaker::Space': [
      is('SpaceSharingSettings.SharingType', 'Private'),
      isOneOf('SpaceSettings.RemoteAccess', ['DISABLED'], { byDefault: 'DISABLED' }),
    ],
  },
  compliant: {
    Space: { Type: 'AWS::SageMaker::Space', Properties: { SpaceSharingSettings: { SharingType: 'Private' } } },
  },
  nonCompliant: {
    Space: { Type: 'AWS::SageMaker::Space', Properties: { SpaceSharingSettings: { SharingType: 'Shared' } } },
  },
});
