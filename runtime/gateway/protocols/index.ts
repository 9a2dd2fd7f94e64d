import { CONVERSE } from './converse';
import { INVOCATIONS } from './invocations';
import { OPENAI } from './openai';
import { PALISADE } from './palisade';
import type { GatewayCall, Protocol } from './protocol';

/** A way in. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** Compared with a decoded path. */
  readonly path: RegExp;
  /** As API Gateway writes it. */
  readonly resource: string;
  readonly protocol: Protocol;
  /** Whether it asks no model, and only which there are. */
  readonly lists?: boolean;
}

/** Every way in. */
export const ROUTES: readonly Route[] = [
  { method: 'POST', path: /^\/invoke$/, resource: '/invoke', protocol: PALISADE },
  { method: 'POST', path: /^\/invocations$/, resource: '/invocations', protocol: INVOCATIONS },
  { method: 'POST', path: /^\/v1\/chat\/completions$/, resource: '/v1/chat/completions', protocol: OPENAI },
  { method: 'GET', path: /^\/v1\/models$/, resource: '/v1/models', protocol: OPENAI, lists: true },
  { method: 'POST', path: /^\/model\/[^?#]+\/converse$/, resource: '/model/{modelId}/converse', protocol: CONVERSE },
];

/** The way in that a call takes. */
export function routeOf({ method, path }: GatewayCall): Route | undefined {
  return ROUTES.find((route) => route.method === method && route.path.test(path));
}
