import { rule } from '../../define-rule';
import { is, isSet } from '../../requirements';
import { ALWAYS_WARNING } from '../../rule';

/** A hook that checks deployments stops those that fail it. */
export const deployTimeHook = rule({
  id: 'DeployTimeHook',
  level: ALWAYS_WARNING,
  annexA: ['A.2.2', 'A.6.2.5'],
  crosswalk: { nist80053: ['CM-3', 'CM-6', 'SA-10'] },
  why: 'A hook that only warns, or is switched off, lets a template through that no pipeline has checked.',
  fix: 'Set FailureMode to FAIL and HookStatus to ENABLED.',
  requires: {
    'AWS::CloudFormation::GuardHook': [
      is('FailureMode', 'FAIL'),
      is('HookStatus', 'ENABLED'),
      isSet('RuleLocation.Uri'),
    ],
    'AWS::CloudFormation::LambdaHook': [
      is('FailureMode', 'FAIL'),
      is('HookStatus', 'ENABLED'),
      isSet('LambdaFunction'),
    ],
  },
  compliant: {
    Guard: {
      Type: 'AWS::CloudFormation::GuardHook',
      Properties: { FailureMode: 'FAIL', HookStatus: 'ENABLED', RuleLocation: { Uri: 's3://rules/palisade.guard' } },
    },
    Function: {
      Type: 'AWS::CloudFormation::LambdaHook',
      Properties: { FailureMode: 'FAIL', HookStatus: 'ENABLED', LambdaFunction: 'check' },
    },
  },
  nonCompliant: {
    Guard: {
      Type: 'AWS::CloudFormation::GuardHook',
      Properties: { FailureMode: 'WARN', HookStatus: 'ENABLED', RuleLocation: { Uri: 's3://rules/palisade.guard' } },
    },
    Function: {
      Type: 'AWS::CloudFormation::LambdaHook',
      Properties: { FailureMode: 'FAIL', HookStatus: 'DISABLED', LambdaFunction: 'check' },
    },
  },
});
