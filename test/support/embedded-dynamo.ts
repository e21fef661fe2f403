import { createServer } from 'node:http';
import { realClock } from '#local/clock.ts';
import { startDynamoEngine } from '#local/dynamodb/start-dynamo-engine.ts';
import { listen, readBody } from '#local/peer-server.ts';
import type { DynamoServer } from './dynamo-server.ts';

/** The DynamoDB of `npm start`, on loopback. */
export async function startEmbeddedDynamo(): Promise<DynamoServer> {
  const engine = await startDynamoEngine({
    clock: realClock(),
    region: 'eu-central-1',
    accountId: '000000000000',
  });
  const server = await listen(
    createServer(async (request, response) => {
      const target = String(request.headers['x-amz-target']);
      const operation = target.slice(target.indexOf('.') + 1);
      const { status, body } = await engine.handle(operation, String(await readBody(request)));
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(body);
    }),
    0,
  );
  return {
    endpoint: server.url,
    close: async () => {
      await server.close();
      await engine.close();
    },
  };
}
