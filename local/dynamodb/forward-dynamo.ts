import type { ApiAnswer } from '../aws/json-api.ts';
import { answerOf } from './dynamo-answer.ts';
import { type DynamoEngine, dynamoEngine } from './dynamo-engine.ts';

/**
 * A DynamoDB at another address, such as Amazon's DynamoDB Local. Calls are not signed with a real
 * key: this is for engines that only look at who calls, as those do.
 */
export function forwardDynamo(target: {
  readonly endpoint: string;
  readonly region: string;
}): DynamoEngine {
  return dynamoEngine(
    (operation, body) => forward(target, operation, body),
    async () => {},
  );
}

async function forward(
  { endpoint, region }: { readonly endpoint: string; readonly region: string },
  operation: string,
  body: string,
): Promise<ApiAnswer> {
  const date = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = `${date.slice(0, 8)}/${region}/dynamodb/aws4_request`;
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      'x-amz-date': date,
      authorization: `AWS4-HMAC-SHA256 Credential=local/${scope}, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
    },
    body,
  });
  return answerOf(response.status, await response.text());
}
