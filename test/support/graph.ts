import type { App } from 'aws-cdk-lib';
import { type Assumptions, type Template, TemplateGraph } from '../../lib/analysis';

/** The graph of what an app synthesizes. */
export function graphOf(app: App): TemplateGraph {
  return TemplateGraph.fromAssembly(app.synth().directory);
}

/** The graph of one stack made by hand, called `Stack`, in eu-west-1. */
export function graphFrom(template: object, assumptions?: Assumptions): TemplateGraph {
  return new TemplateGraph(
    [{ stack: 'Stack', region: 'eu-west-1', file: 'stack.json', template: template as Template }],
    assumptions,
  );
}
