import { Opaque, textOf } from '../../../analysis';
import { asList, unresolved, valueAt, violation } from '../../expect';
import { matches, type Requirement } from '../../requirements';

/** At least one of these properties is there and not empty. */
export function isAnySet(paths: readonly string[], expected: string): Requirement {
  return {
    claims: paths,
    judge: (holder, at) =>
      paths.some((path) => holdsSomething(valueAt(holder, path)))
        ? []
        : [violation(at + paths[0], `found nothing, expected ${expected}`)],
    guard: (at) => paths.map((path) => `${at}${path} !empty`).join(' or '),
  };
}

function holdsSomething(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
}

/** No item of the list of texts holds a wildcard. An absent list has no item. */
export function hasNoWildcard(path: string): Requirement {
  return {
    claims: [path],
    judge: (holder, at) => {
      const list = valueAt(holder, path);
      if (list instanceof Opaque) {
        return [unresolved(at + path, list)];
      }
      return asList(list).flatMap((item, index) =>
        textOf(item).includes('*') ? [violation(`${at}${path}.${index}`, `found ${textOf(item)}, expected names`)] : [],
      );
    },
    guard: (at) => `when ${at}${path} exists {\n${at}${path}[*] != /[*]/\n}`,
  };
}

/** The secret is not written into the template: it is absent, or a dynamic reference that only the deployment resolves. */
export function isNoLiteralSecret(path: string): Requirement {
  return {
    claims: [path],
    judge: (holder, at) => {
      const secret = valueAt(holder, path);
      if (secret === undefined || REFERENCE.test(textOf(secret))) {
        return [];
      }
      const unknown = secret instanceof Opaque && !secret.reason.startsWith('dynamic reference');
      return unknown
        ? [unresolved(at + path, secret)]
        : [violation(at + path, 'found a value that the template shows, expected a reference to a secret')];
    },
    guard: (at) => `when ${at}${path} exists {\n${at}${path} == /${REFERENCE.source}/\n}`,
  };
}

/**
 * A dynamic reference to a value that CloudFormation does not show (User Guide, "Get values stored in other services"), as
 * a template has it, or as it is resolved. A plain parameter (`ssm`) is shown.
 */
const REFERENCE = /([{][{]resolve:|dynamic reference to )(secretsmanager|ssm-secure):/;

const JWT = 'AuthorizerConfiguration.CustomJWTAuthorizer';

/**
 * What an authorizer by JSON web token must say. Tokens of one identity provider serve many applications: only the
 * audience, or the client where tokens have none as with Amazon Cognito, says that one was issued for this agent.
 */
export const TOKEN_CHECKS: readonly Requirement[] = [
  // A value that starts with "<" is known at deployment only.
  matches(`${JWT}.DiscoveryUrl`, /^(https:|<)/, 'an address that starts with https:'),
  isAnySet([`${JWT}.AllowedAudience`, `${JWT}.AllowedClients`], 'an audience or a client'),
];

/** The property that makes an agent ask for tokens. */
export const TOKEN_AUTHORIZER = JWT;
