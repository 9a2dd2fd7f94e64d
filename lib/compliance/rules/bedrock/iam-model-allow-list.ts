import { rule } from '../../define-rule';
import { violation } from '../../expect';
import { ERROR_FROM_LIMITED, type Violation } from '../../rule';
import { type Statement, statementName } from '../../statements';
import { inDocuments } from '../identity/policy-documents';
import { allowsInvoke, IDENTITY_POLICY_TYPES, judgeStatements } from './invocations';

/** Every foundation model: as the whole of its service, of its kind, or of everything. */
const EVERY_MODEL = /^(\*|arn:[^:]*:(\*.*|bedrock:([^:]*:){0,2}(\*|foundation-model\/?\*)))$/;

/**
 * Calls that leave the list of models aside: API keys carry a user's rights out of the account, and Mantle is the second
 * endpoint of Bedrock (Service Authorization Reference, "Amazon Bedrock" and "Amazon Bedrock Mantle").
 */
const AROUND = /^(bedrock:CallWithBearerToken|bedrock-mantle:.*)$/i;

/** Who may call models may call the models that were chosen, each by its id. */
export const bedrockIamModelAllowList = rule({
  id: 'BedrockIamModelAllowList',
  appliesTo: IDENTITY_POLICY_TYPES,
  scope: 'ai',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.2', 'A.10.3'],
  crosswalk: { owasp: ['LLM03:2025', 'LLM10:2025'], atlas: ['AML.T0034'], nist80053: ['AC-6', 'SA-9'] },
  why: 'With every model allowed, code moves to one that nobody assessed, and a stolen role runs up the bill on the dearest.',
  fix: 'Name each model or inference profile by ARN, and register calls by API key or through bedrock-mantle as an exception.',
  claims: inDocuments('Statement.*.Resource'),
  beyondGuard: 'what a statement allows depends on its actions and resources together',
  check: (resource, graph) =>
    judgeStatements(
      resource,
      graph,
      (statement) => allowsInvoke(statement) || callsAround(statement).length > 0,
      ({ statement, path }) => [...everyModel(statement, path), ...around(statement, path)],
    ),
  compliant: policy('arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0'),
  nonCompliant: policy('*'),
});

function everyModel(statement: Statement, path: string): Violation[] {
  const { resources } = statement;
  const wide =
    resources.length === 0 ? ['every resource but a list'] : resources.filter((item) => EVERY_MODEL.test(item));
  return allowsInvoke(statement)
    ? [
        ...wide.map((item) =>
          violation(path, `${statementName(statement)} allows to call ${item}, expected models by id`),
        ),
        ...resources.filter((item) => item.startsWith('<')).map((item) => unknown(statement, item, path)),
      ]
    : [];
}

function unknown(statement: Statement, resource: string, path: string): Violation {
  const message = `${statementName(statement)} allows to call ${resource}, which only a deployment knows`;
  return { property: path, message, unresolved: true };
}

function around(statement: Statement, path: string): Violation[] {
  return callsAround(statement).map((action) =>
    violation(path, `${statementName(statement)} allows ${action}, which no list of models bounds`),
  );
}

function callsAround({ effect, actions }: Statement): string[] {
  return effect === 'Allow' ? actions.filter((action) => AROUND.test(action)) : [];
}

function policy(Resource: string) {
  const Statement = [{ Sid: 'Call', Effect: 'Allow', Action: 'bedrock:InvokeModel', Resource }];
  return { Policy: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: { Statement } } } };
}
