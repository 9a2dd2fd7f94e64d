import { type GraphResource, Opaque, type TemplateGraph, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { propertyOf, unresolved, valueAt, violation } from '../../expect';
import { ALWAYS_ERROR, type Violation } from '../../rule';
import { CONTAINERS, placesOf } from './containers';
import { credentialIn, mayBeCredential, namesCredential } from './secret-patterns';

/** Where each type keeps its environment variables, by name. CodeBuild keeps a list. */
const VARIABLES: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    Object.entries(CONTAINERS).map(([type, paths]) => [type, paths.map((path) => `${path}.Environment`)]),
  ),
  'AWS::BedrockAgentCore::Runtime': ['EnvironmentVariables'],
  'AWS::Lambda::Function': ['Environment.Variables'],
};
const CODE_BUILD = 'AWS::CodeBuild::Project';

interface Variable {
  readonly at: string;
  readonly name: string;
  readonly value: unknown;
  /** As the template has it. */
  readonly raw: unknown;
}

/** No credential stands in an environment variable. References to secrets are fine; messages never repeat a value. */
export const sageMakerModelNoPlaintextSecrets = rule({
  id: 'SageMakerModelNoPlaintextSecrets',
  appliesTo: [...Object.keys(VARIABLES), CODE_BUILD],
  level: ALWAYS_ERROR,
  annexA: ['A.6.1.3'],
  crosswalk: {
    securityHub: ['CodeBuild.2'],
    nist80053: ['IA-5', 'SC-28'],
    owasp: ['LLM02:2025'],
    atlas: ['AML.T0055'],
  },
  why: 'Environment variables are readable by everyone who may describe the resource or read its template, and end up in logs and forks.',
  fix: 'Keep the credential in Secrets Manager, pass its ARN and read it at run time, then revoke the one that was in the template.',
  claims: [...new Set(Object.values(VARIABLES).flat()), 'Environment.EnvironmentVariables'],
  beyondGuard: 'only resolved values tell a credential from a reference to one',
  check: (resource, graph) => {
    const unknown = environmentsOf(resource).filter((at) => propertyOf(resource, at) instanceof Opaque);
    const variables = variablesOf(resource);
    return unknown.length + variables.length === 0
      ? undefined
      : [
          ...unknown.map((at) => unresolved(at, propertyOf(resource, at) as Opaque)),
          ...variables.flatMap((variable) => judge(variable, resource, graph)),
        ];
  },
  compliant: withVariables({ MODEL_SERVER_WORKERS: '2' }),
  nonCompliant: withVariables({ HF_TOKEN: 'hf_ExampleExampleExampleExample' }),
});

function environmentsOf(resource: GraphResource): string[] {
  const paths = resource.type === CODE_BUILD ? ['Environment.EnvironmentVariables'] : VARIABLES[resource.type];
  return paths.flatMap((path) => placesOf(resource, path));
}

function variablesOf(resource: GraphResource): Variable[] {
  return environmentsOf(resource).flatMap((at) => {
    const found = propertyOf(resource, at);
    const raw = valueAt(resource.raw, at);
    if (found === null || typeof found !== 'object' || found instanceof Opaque) {
      return [];
    }
    return Array.isArray(found)
      ? found.flatMap((item, index) => listed(item, valueAt(raw, `${index}`), `${at}.${index}`))
      : Object.entries(found).map(([name, value]) => ({ at: `${at}.${name}`, name, value, raw: memberOf(raw, name) }));
  });
}

/** CodeBuild reads variables of the other types from Parameter Store or Secrets Manager. */
function listed(item: unknown, raw: unknown, at: string): Variable[] {
  return [undefined, 'PLAINTEXT'].includes(valueAt(item, 'Type') as string | undefined)
    ? [
        {
          at: `${at}.Value`,
          name: textOf(valueAt(item, 'Name')),
          value: valueAt(item, 'Value'),
          raw: valueAt(raw, 'Value'),
        },
      ]
    : [];
}

/** Names of variables may hold dots. */
function memberOf(object: unknown, name: string): unknown {
  return object !== null && typeof object === 'object' && Object.hasOwn(object, name)
    ? (object as Record<string, unknown>)[name]
    : undefined;
}

function judge({ at, name, value, raw }: Variable, resource: GraphResource, graph: TemplateGraph): Violation[] {
  if (value instanceof Opaque) {
    return namesCredential(name) && !value.reason.startsWith('dynamic reference') ? [unresolved(at, value)] : [];
  }
  const text = textOf(value);
  const form = credentialIn(text);
  if (form) {
    return [violation(at, `found what looks like ${form} in ${name}, expected a reference to a secret`)];
  }
  const written = namesCredential(name) && mayBeCredential(text) && isWritten(raw, value, resource, graph);
  return written ? [violation(at, `found a value in ${name}, expected a reference to a secret`)] : [];
}

/** Whether the template itself spells the value out: in place, as a branch of a condition, or as a parameter's default. */
function isWritten(raw: unknown, value: unknown, { stack }: GraphResource, graph: TemplateGraph): boolean {
  const reference = valueAt(raw, 'Ref');
  const branches = valueAt(raw, 'Fn::If');
  return (
    typeof raw === 'string' ||
    (Array.isArray(branches) && branches.slice(1).includes(value)) ||
    (typeof reference === 'string' && !reference.startsWith('AWS::') && !graph.withLogicalId(stack, reference))
  );
}

function withVariables(Environment: Readonly<Record<string, string>>) {
  return { Model: { Type: 'AWS::SageMaker::Model', Properties: { PrimaryContainer: { Environment } } } };
}
