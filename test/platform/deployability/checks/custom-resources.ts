import type { TemplateGraph } from '../../../../lib/analysis';
import { fault } from './policy';

/** What CloudFormation waits where a custom resource says nothing, in seconds (Template Reference, "ServiceTimeout"). */
const DEFAULT_SERVICE_TIMEOUT = 3600;

/**
 * Custom resources whose function may run out before CloudFormation stops to wait, or never be reached.
 *
 * A function that ends first has time to answer with what failed; one that outlives the wait leaves a stack that fails
 * without a reason.
 */
export function unansweredCustomResources(graph: TemplateGraph): string[] {
  return graph.resources
    .filter(({ type }) => type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource')
    .flatMap((resource) => {
      const { ServiceToken, ServiceTimeout } = resource.properties;
      const handler = graph.withArn(ServiceToken);
      if (handler?.type !== 'AWS::Lambda::Function') {
        return [fault(resource, 'its service token is no function of the assembly')];
      }
      const waits = Number(ServiceTimeout ?? DEFAULT_SERVICE_TIMEOUT);
      const runs = Number(handler.properties.Timeout ?? 3);
      return [
        ...(runs < waits
          ? []
          : [fault(resource, `${handler.logicalId} may run ${runs} s, CloudFormation waits ${waits} s`)]),
      ];
    });
}
