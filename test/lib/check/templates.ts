import type { StackTemplate, Template } from '../../../lib/analysis';

/** One loose template called `stack.json`. */
export function templateOf(resources: object, file = 'stack.json'): StackTemplate {
  return {
    stack: file.replace(/\.json$/, ''),
    region: 'eu-west-1',
    file,
    template: { Resources: resources } as unknown as Template,
  };
}

/** A trail that records nothing, a key that does not rotate, and a model whose isolation is a parameter. */
export const FAULTY = {
  Trail: { Type: 'AWS::CloudTrail::Trail', Properties: { IsLogging: false } },
  Key: { Type: 'AWS::KMS::Key', Properties: {} },
  Model: { Type: 'AWS::SageMaker::Model', Properties: { EnableNetworkIsolation: { 'Fn::Unheard': 1 } } },
};
