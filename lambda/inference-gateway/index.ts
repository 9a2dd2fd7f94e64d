import { randomUUID } from 'node:crypto';
import type { ALBResult, APIGatewayProxyResult } from 'aws-lambda';
import { answerCall } from '../../runtime/gateway';
import { callOf, type FrontEvent, resultOf } from './front';
import { ports, settings } from './ports';

const { CALLER_HEADER } = process.env;

/** Answers one call of the private API, or of a balancer. */
export async function handler(event: FrontEvent): Promise<APIGatewayProxyResult & ALBResult> {
  return await resultOf(await answerCall(callOf(event, CALLER_HEADER, randomUUID), settings, ports));
}
