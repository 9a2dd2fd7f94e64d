import type { ALBEvent, ALBResult, APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { GatewayCall, Reply } from '../../runtime/gateway';

/** What may stand in front of the function. */
export type FrontEvent = APIGatewayProxyEvent | ALBEvent;

/**
 * A call of the private API, whose caller IAM has authenticated, or of an Application Load Balancer, which knows a caller only
 * where it verifies client certificates or signs people in, and says so in a header that it sets itself.
 *
 * @param callerHeader that header, such as `x-amzn-mtls-clientcert-subject`. @default - nobody is known behind a balancer
 * @param newId for a balancer, which numbers nothing
 */
export function callOf(event: FrontEvent, callerHeader: string | undefined, newId: () => string): GatewayCall {
  const headers = lowerCase(event);
  const behindBalancer = 'elb' in event.requestContext;
  return {
    requestId: behindBalancer ? newId() : (event as APIGatewayProxyEvent).requestContext.requestId,
    caller: behindBalancer ? one(headers, callerHeader) : callerOf(event as APIGatewayProxyEvent),
    method: event.httpMethod,
    path: decoded(event.path),
    contentType: headers['content-type']?.[0],
    accept: headers.accept?.[0],
    body: event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64') : event.body,
  };
}

/** The answer whole: neither front passes on what a function says in pieces through a proxy integration. */
export async function resultOf({ status, headers, body }: Reply): Promise<APIGatewayProxyResult & ALBResult> {
  let whole = typeof body === 'string' ? body : '';
  for await (const piece of typeof body === 'string' ? [] : body) {
    whole += piece;
  }
  return { statusCode: status, headers: { ...headers }, body: whole, isBase64Encoded: false };
}

function callerOf({ requestContext }: APIGatewayProxyEvent): string {
  return requestContext.identity.userArn ?? '';
}

/** Header names mean the same in any case; both fronts may give several values. */
function lowerCase({ headers, multiValueHeaders }: FrontEvent): Record<string, string[]> {
  const several = multiValueHeaders ?? Object.fromEntries(Object.entries(headers ?? {}).map(([k, v]) => [k, [v]]));
  const all: Record<string, string[]> = {};
  for (const [name, values = []] of Object.entries(several)) {
    all[name.toLowerCase()] = values.filter((value) => value !== undefined);
  }
  return all;
}

/** The one value of a header. Two of them are not to be trusted: who set which? */
function one(headers: Record<string, string[]>, name: string | undefined): string {
  const values = (name && headers[name.toLowerCase()]) || [];
  return values.length === 1 ? values[0] : '';
}

/** Ids of models have colons, and ARNs slashes, which clients encode. What does not decode is no path of ours. */
export function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return '';
  }
}
