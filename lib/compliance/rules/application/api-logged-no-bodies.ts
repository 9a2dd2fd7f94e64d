import { rule } from '../../define-rule';
import { each, isNot, isSet } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

/** An API records who called it, and never what they asked. */
export const apiLoggedNoBodies = rule({
  id: 'ApiLoggedNoBodies',
  scope: 'ai',
  detects: true,
  level: ERROR_FROM_LIMITED,
  annexA: ['A.6.2.8', 'A.7.2'],
  crosswalk: {
    securityHub: ['APIGateway.9'],
    nist80053: ['AU-2', 'AU-12', 'SI-12'],
    euAiAct: ['Art. 12', 'Art. 26'],
    owasp: ['LLM02:2025'],
  },
  why: 'Without access logs no misuse can be traced, and with data tracing every prompt and answer lies in CloudWatch.',
  fix: 'Set a destination for access logs, and DataTraceEnabled to false.',
  requires: {
    'AWS::ApiGateway::Stage': [
      isSet('AccessLogSetting.DestinationArn'),
      each('MethodSettings', [isNot('DataTraceEnabled', [true])]),
    ],
    'AWS::ApiGatewayV2::Stage': [
      isSet('AccessLogSettings.DestinationArn'),
      isNot('DefaultRouteSettings.DataTraceEnabled', [true]),
    ],
  },
  compliant: {
    Stage: {
      Type: 'AWS::ApiGateway::Stage',
      Properties: { Tags: [{ Key: 'ai:system-id', Value: 'x' }], AccessLogSetting: { DestinationArn: 'log' } },
    },
    HttpStage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: { Tags: { 'ai:system-id': 'x' }, AccessLogSettings: { DestinationArn: 'log' } },
    },
  },
  nonCompliant: {
    Stage: {
      Type: 'AWS::ApiGateway::Stage',
      Properties: { Tags: [{ Key: 'ai:system-id', Value: 'x' }], MethodSettings: [{ DataTraceEnabled: true }] },
    },
    HttpStage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: { Tags: { 'ai:system-id': 'x' }, DefaultRouteSettings: { DataTraceEnabled: true } },
    },
  },
});
