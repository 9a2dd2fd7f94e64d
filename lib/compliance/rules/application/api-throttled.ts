import { rule } from '../../define-rule';
import { is, isBetween, type Requirement, some } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';
import { inside } from '../structure';

/** What API Gateway allows an account and Region anyway, so that more is no limit (API Gateway quotas: 10,000 and 5,000). */
const ACCOUNT_RATE = 9_999;
const ACCOUNT_BURST = 4_999;

/** The service's own names differ between a stage's settings and a usage plan. */
function throttle(prefix: string, rate: string, burst: string): Requirement[] {
  return [
    isBetween(`${prefix}${rate}`, { min: 0, max: ACCOUNT_RATE }),
    isBetween(`${prefix}${burst}`, { min: 0, max: ACCOUNT_BURST }),
  ];
}

const NAMES = ['ThrottlingRateLimit', 'ThrottlingBurstLimit'] as const;

/** An API takes no more requests than its AI system is meant for. */
export const apiThrottled = rule({
  id: 'ApiThrottled',
  scope: 'ai',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.9.2', 'A.4.5'],
  crosswalk: { nist80053: ['SC-5'], owasp: ['LLM10:2025'], atlas: ['AML.T0029', 'AML.T0034'] },
  why: 'Without a limit one client can make thousands of model calls a second, to copy the model or to run up costs.',
  fix: 'Set ThrottlingRateLimit and ThrottlingBurstLimit for all methods of the stage, below the limits of the account.',
  requires: {
    'AWS::ApiGateway::Stage': [
      some(
        'MethodSettings',
        [is('ResourcePath', '/*'), is('HttpMethod', '*'), ...throttle('', ...NAMES)],
        'throttling for all methods (ResourcePath /*, HttpMethod *) below the limits of the account',
      ),
    ],
    'AWS::ApiGateway::UsagePlan': [inside('Throttle', throttle('Throttle.', 'RateLimit', 'BurstLimit'))],
    'AWS::ApiGatewayV2::Stage': [inside('DefaultRouteSettings', throttle('DefaultRouteSettings.', ...NAMES))],
  },
  compliant: example({ ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 }, { RateLimit: 50, BurstLimit: 100 }),
  nonCompliant: example({}, {}),
});

function example(settings: object, Throttle: object) {
  const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
  return {
    Stage: {
      Type: 'AWS::ApiGateway::Stage',
      Properties: { Tags, MethodSettings: [{ ResourcePath: '/*', HttpMethod: '*', ...settings }] },
    },
    Plan: { Type: 'AWS::ApiGateway::UsagePlan', Properties: { Tags, Throttle } },
    HttpStage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: { Tags: { 'ai:system-id': 'x' }, DefaultRouteSettings: settings },
    },
  };
}
