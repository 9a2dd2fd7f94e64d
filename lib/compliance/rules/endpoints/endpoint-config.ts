import type { GraphResource, TemplateGraph } from '../../../analysis';
import { asList, propertyOf, valueAt } from '../../expect';

const CONFIG = 'AWS::SageMaker::EndpointConfig';

/** The configuration of an endpoint, if the assembly makes it: by name, or by its ARN, which Ref gives. */
export function configOf(endpoint: GraphResource, graph: TemplateGraph): GraphResource | undefined {
  const name = propertyOf(endpoint, 'EndpointConfigName');
  return graph.withName(CONFIG, name) ?? graph.withArn(name) ?? graph.where(CONFIG, 'EndpointConfigName', name)[0];
}

/** Variants that answer requests; not the shadow ones. */
export function variantsOf(config: GraphResource): unknown[] {
  return asList(propertyOf(config, 'ProductionVariants'));
}

/** Whether an endpoint is serverless: SageMaker supports neither VPC nor isolation, capture nor monitoring for it (Developer Guide, "Serverless Inference", feature exclusions). */
export function isServerless(config: GraphResource | undefined): boolean {
  const variants = config ? variantsOf(config) : [];
  return variants.length > 0 && variants.every((variant) => valueAt(variant, 'ServerlessConfig') !== undefined);
}

/** Whether requests pass through instances as they come. Asynchronous ones come from S3 and go there, so they are on record already. */
export function isRealTime(config: GraphResource | undefined): boolean {
  return !isServerless(config) && (!config || propertyOf(config, 'AsyncInferenceConfig') === undefined);
}
