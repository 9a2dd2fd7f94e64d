import { type GraphResource, Opaque, type TemplateGraph, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { asList, propertyOf, unresolved, valueAt, violation } from '../../expect';
import { ALWAYS_WARNING, type Verdict } from '../../rule';
import { actionCovers } from '../../statements';

/** The only platform of AWS Signer that signs container images (AWS Signer Developer Guide, "Signing container images"). */
const PLATFORM = 'Notation-OCI-SHA384-ECDSA';
const Model = { Type: 'AWS::SageMaker::Model' };
const Repository = { Type: 'AWS::ECR::Repository' };

/**
 * Images are signed as they are pushed. Signing is set once for a registry, so a template without it says nothing: rules
 * are judged where they are, and so are the repositories beside them.
 */
export const ecrSigned = rule({
  id: 'EcrSigned',
  appliesTo: ['AWS::ECR::SigningConfiguration', 'AWS::ECR::Repository'],
  scope: 'ai',
  level: ALWAYS_WARNING,
  annexA: ['A.10.3', 'A.4.4'],
  crosswalk: { nist80053: ['CM-14', 'SI-7', 'SR-4'], atlas: ['AML.T0010'], owasp: ['LLM03:2025'] },
  why: 'An image swapped in the registry cannot be told from the one that was reviewed.',
  fix: `Give SigningConfiguration a rule for the repository, with a signing profile of platform ${PLATFORM}.`,
  claims: ['Rules.*.SigningProfileArn'],
  beyondGuard: 'which repositories are signed depends on filters, and the platform stands in the profile',
  check: (resource, graph) =>
    resource.type === 'AWS::ECR::Repository' ? judgeRepository(resource, graph) : judgeRules(resource, graph),
  compliant: { Signing: signingWith([{ SigningProfileArn: 'profile' }]), Repository, Model },
  nonCompliant: { Signing: signingWith([]), Repository, Model },
});

function judgeRules(signing: GraphResource, graph: TemplateGraph): Verdict {
  const rules = signing.properties.Rules;
  if (rules instanceof Opaque) {
    return [unresolved('Rules', rules)];
  }
  const items = asList(rules);
  return items.length === 0
    ? [violation('Rules', 'found no rule, so nothing is signed')]
    : items.flatMap((item, index) => judgeProfile(valueAt(item, 'SigningProfileArn'), index, graph));
}

function judgeProfile(arn: unknown, index: number, graph: TemplateGraph) {
  const at = `Rules.${index}.SigningProfileArn`;
  if (arn === undefined) {
    return [violation(at, 'found nothing, expected a signing profile')];
  }
  const profile = graph.withArn(arn);
  const platform = profile && propertyOf(profile, 'PlatformId');
  return platform === undefined || platform === PLATFORM
    ? []
    : [violation(at, `found a profile of platform ${textOf(platform)}, expected ${PLATFORM}`)];
}

function judgeRepository({ name }: GraphResource, graph: TemplateGraph): Verdict {
  const rules = signingRules(graph);
  if (rules === undefined) {
    return undefined;
  }
  return rules.some((item) => signs(item, name))
    ? []
    : [violation('RepositoryName', `found no signing rule for ${name}`)];
}

/** Signing rules of the registry; undefined where the assembly does not set them. */
function signingRules(graph: TemplateGraph): readonly unknown[] | undefined {
  return graph.once('signing rules', () => readSigningRules(graph));
}

function readSigningRules(graph: TemplateGraph): readonly unknown[] | undefined {
  const configurations = graph.ofType('AWS::ECR::SigningConfiguration');
  return configurations.length === 0
    ? undefined
    : configurations.flatMap((signing) => asList(signing.properties.Rules));
}

/** A rule without filters signs everything. */
function signs(item: unknown, name: string): boolean {
  const filters = asList(valueAt(item, 'RepositoryFilters'));
  return (
    item instanceof Opaque ||
    filters.length === 0 ||
    filters.some((filter) => actionCovers(textOf(valueAt(filter, 'Filter')), name))
  );
}

function signingWith(Rules: object[]) {
  return { Type: 'AWS::ECR::SigningConfiguration', Properties: { Rules } };
}
