import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test, vi } from 'vitest';
import { listen, type RunningServer } from '#local/peer-server.ts';
import { outputOf, readOutputs } from '#operator/stack-outputs.ts';

let server: RunningServer | undefined;
afterEach(() => {
  vi.unstubAllEnvs();
  return server?.close();
});

async function aServerThatSays(status: number, body: string): Promise<string> {
  server = await listen(
    createServer((_, response) => response.writeHead(status).end(body)),
    0,
  );
  return server.url;
}

test('the local stack tells where its services are and who may use them', async () => {
  const url = await aServerThatSays(
    200,
    '{"region":"us-east-1","aws_url":"http://127.0.0.1:4566","access_key_id":"ME","graph_url":"http://127.0.0.1:4567","outputs":{"ChatQueueUrl":"chats"}}',
  );
  const outputs = await readOutputs({ kind: 'local', url });
  expect(outputs.place).toEqual({
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1:4566',
    credentials: { accessKeyId: 'ME', secretAccessKey: 'local' },
  });
  expect(outputs.graph.baseUrl).toBe('http://127.0.0.1:4567');
  expect(outputOf(outputs, 'ChatQueueUrl')).toBe('chats');
  expect(() => outputOf(outputs, 'ChatDeadLetterQueueUrl')).toThrow(/deploy this release/);
});

test('a stage tells what its stacks put out, and which of them are being deployed', async () => {
  const stack = (name: string, status: string) =>
    `<member><StackName>${name}</StackName><StackStatus>${status}</StackStatus><Outputs><member><OutputKey>Of-${name}</OutputKey><OutputValue>yes</OutputValue></member></Outputs></member>`;
  const statuses = new Map([
    ['concierge-dev-stateful', 'UPDATE_COMPLETE'],
    ['concierge-dev-service', 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS'],
  ]);
  server = await listen(
    createServer(async (request, response) => {
      const name = new URLSearchParams(await text(request)).get('StackName') ?? '';
      const answer = stack(name, statuses.get(name) ?? '');
      response.setHeader('content-type', 'text/xml');
      response.end(
        `<DescribeStacksResponse><DescribeStacksResult><Stacks>${answer}</Stacks></DescribeStacksResult></DescribeStacksResponse>`,
      );
    }),
    0,
  );
  vi.stubEnv('AWS_ENDPOINT_URL', server.url);
  for (const name of ['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) {
    vi.stubEnv(name, 'any');
  }
  const outputs = await readOutputs({ kind: 'cloud', stage: 'dev' });
  expect(outputs.inProgress).toEqual(['concierge-dev-service']);
  expect(outputOf(outputs, 'Of-concierge-dev-stateful')).toBe('yes');
});

test.each([
  [404, '{"error":{"message":"Not found"}}'],
  [200, '<html>'],
  [200, '{}'],
])('another server that says %d %s is not taken for it', async (status, body) => {
  const url = await aServerThatSays(status, body);
  await expect(readOutputs({ kind: 'local', url })).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining('is not the local stack of this release'),
  });
});

test('a local stack that is not running is to be started', async () => {
  const url = await aServerThatSays(200, '{}');
  await server?.close();
  await expect(readOutputs({ kind: 'local', url })).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining('npm start'),
  });
});
