import { realClock } from '#local/clock.ts';
import { startDynamoEngine } from '#local/dynamodb/start-dynamo-engine.ts';
import { startAwsApi } from './aws-api.ts';
import type { DynamoServer } from './dynamo-server.ts';

/** The DynamoDB of `npm start`, on loopback. */
export async function startEmbeddedDynamo(): Promise<DynamoServer> {
  const engine = await startDynamoEngine({
    clock: realClock(),
    region: 'eu-central-1',
    accountId: '000000000000',
  });
  const server = await startAwsApi(engine, 'application/x-amz-json-1.0');
  return {
    endpoint: server.url,
    close: async () => {
      await server.close();
      await engine.close();
    },
  };
}
