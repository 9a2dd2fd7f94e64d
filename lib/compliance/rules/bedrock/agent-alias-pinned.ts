import { Opaque } from '../../../analysis';
import { inProduction } from '../../conditions';
import { rule } from '../../define-rule';
import { asList, propertyOf, unresolved, valueAt } from '../../expect';
import { ALWAYS_WARNING, type Verdict } from '../../rule';
import { pinned } from './versions';

const ROUTES = 'RoutingConfiguration';

/** Where each type names the version that an alias leads to. */
const VERSIONS: Readonly<Record<string, string>> = {
  'AWS::Bedrock::AgentAlias': 'AgentVersion',
  'AWS::Bedrock::FlowAlias': 'FlowVersion',
};

/** In production an alias leads to a published version. Without a route, Bedrock publishes one for an agent's alias. */
export const bedrockAgentAliasPinned = rule({
  id: 'BedrockAgentAliasPinned',
  appliesTo: Object.keys(VERSIONS),
  level: ALWAYS_WARNING,
  annexA: ['A.6.2.5'],
  crosswalk: { nist80053: ['CM-2', 'CM-3'] },
  why: 'Through an alias of the draft, every unreviewed edit of the agent or flow reaches users at once.',
  fix: 'Route the alias to the number of a published version.',
  appliesWhen: [inProduction],
  claims: Object.values(VERSIONS).map((version) => `${ROUTES}.*.${version}`),
  beyondGuard: 'a reference gives a draft or a version depending on the resource that it points to',
  check: (alias, graph): Verdict => {
    const routes = propertyOf(alias, ROUTES);
    if (routes instanceof Opaque) {
      return [unresolved(ROUTES, routes)];
    }
    const key = VERSIONS[alias.type];
    const found = asList(routes).flatMap((route, index) =>
      pinned(`${ROUTES}.${index}.${key}`, valueAt(route, key), graph),
    );
    return asList(routes).length === 0 ? undefined : found;
  },
  compliant: aliasOf('1'),
  nonCompliant: aliasOf('DRAFT'),
});

function aliasOf(AgentVersion: string) {
  const Properties = { RoutingConfiguration: [{ AgentVersion }] };
  return { Alias: { Type: 'AWS::Bedrock::AgentAlias', Properties } };
}
