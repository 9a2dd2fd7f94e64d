import { rule } from '../../define-rule';
import { each, is, isAbsent, isNot } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';
import { runsEnclaves } from './hosts';

/** Nobody logs in to the parent of an enclave by key pair, reaches it from the internet, or writes its memory to disk. */
export const enclaveHostHardened = rule({
  id: 'EnclaveHostHardened',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5'],
  crosswalk: { nist80053: ['AC-17', 'CM-7', 'SC-7'], euAiAct: ['Art. 15'] },
  why: 'The parent carries every byte of the enclave: whoever holds it cuts the enclave off, replays to it, or measures it.',
  fix: 'Turn hibernation off and detailed monitoring on, and remove KeyName and public addresses.',
  appliesWhen: [runsEnclaves],
  requires: {
    'AWS::EC2::Instance': [...hardened(''), is('Monitoring', true)],
    'AWS::EC2::LaunchTemplate': [...hardened('LaunchTemplateData.'), is('LaunchTemplateData.Monitoring.Enabled', true)],
  },
  compliant: {
    Template: {
      Type: 'AWS::EC2::LaunchTemplate',
      Properties: { LaunchTemplateData: { EnclaveOptions: { Enabled: true }, Monitoring: { Enabled: true } } },
    },
    Instance: { Type: 'AWS::EC2::Instance', Properties: { EnclaveOptions: { Enabled: true }, Monitoring: true } },
  },
  nonCompliant: {
    Template: {
      Type: 'AWS::EC2::LaunchTemplate',
      Properties: { LaunchTemplateData: { EnclaveOptions: { Enabled: true }, KeyName: 'admin' } },
    },
  },
});

function hardened(at: string) {
  return [
    isNot(`${at}HibernationOptions.Configured`, [true]),
    isAbsent(`${at}KeyName`),
    each(`${at}NetworkInterfaces`, [isNot('AssociatePublicIpAddress', [true])]),
  ];
}
