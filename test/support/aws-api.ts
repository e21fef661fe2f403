import { createServer } from 'node:http';
import type { JsonApi } from '#local/aws/json-api.ts';
import { listen, readBody } from '#local/peer-server.ts';
import { LostAnswers } from './lost-answers.ts';

/** Who calls here, for SDK clients. */
export const TESTER = {
  region: 'eu-central-1',
  credentials: { accessKeyId: 'TESTER', secretAccessKey: 'x' },
};

/** One AWS service alone on loopback: its JSON protocol, without roles. */
export async function startAwsApi(api: Pick<JsonApi, 'handle'>, contentType: string) {
  const connections = new LostAnswers();
  const server = await listen(
    createServer(async (request, response) => {
      const body = String(await readBody(request));
      const target = String(request.headers['x-amz-target']);
      const operation = target.slice(target.indexOf('.') + 1);
      const call = { endpoint: `http://${request.headers.host}`, principalId: 'TESTER' };
      try {
        const answer = await connections.around(() => api.handle(operation, body, call));
        response.writeHead(answer.status, { 'content-type': contentType, ...answer.headers });
        response.end(answer.body);
      } catch {
        response.destroy();
      }
    }),
    0,
  );
  return { url: server.url, connections, close: server.close };
}
