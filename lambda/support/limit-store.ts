import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { LimitStore } from '../../runtime/gateway';

/** A counter is one key: what takes longer is a fault. */
const TIMEOUT_MS = 1_000;

/** The SDK, loaded when the first call needs it, and its client. */
export type DynamoDB = () => Promise<{
  readonly client: DynamoDBClient;
  readonly sdk: typeof import('@aws-sdk/client-dynamodb');
}>;

/**
 * Counters in a DynamoDB table with the key `counter`. Each is checked and raised in one conditional write, so callers who come
 * together cannot pass a limit together; items end by the time to live in `expires`.
 */
export function limitStore(dynamoDb: DynamoDB, TableName: string): LimitStore {
  return {
    take: async (counter, amount, limit, expires) => {
      if (amount > limit) {
        return false;
      }
      const { client, sdk } = await dynamoDb();
      const command = new sdk.UpdateItemCommand({
        TableName,
        Key: { counter: { S: counter } },
        UpdateExpression: 'ADD used :amount SET expires = if_not_exists(expires, :expires)',
        ConditionExpression: 'attribute_not_exists(used) OR used <= :room',
        ExpressionAttributeValues: {
          ':amount': { N: String(amount) },
          ':room': { N: String(limit - amount) },
          ':expires': { N: String(Math.ceil(expires.getTime() / 1000)) },
        },
      });
      try {
        await client.send(command, { abortSignal: AbortSignal.timeout(TIMEOUT_MS) });
        return true;
      } catch (error) {
        if ((error as Error).name === 'ConditionalCheckFailedException') {
          return false;
        }
        throw error;
      }
    },
    correct: async (counter, amount) => {
      const { client, sdk } = await dynamoDb();
      await client.send(
        new sdk.UpdateItemCommand({
          TableName,
          Key: { counter: { S: counter } },
          UpdateExpression: 'ADD used :amount',
          // One that has ended is not made again, without an end.
          ConditionExpression: 'attribute_exists(used)',
          ExpressionAttributeValues: { ':amount': { N: String(amount) } },
        }),
        { abortSignal: AbortSignal.timeout(TIMEOUT_MS) },
      );
    },
  };
}
