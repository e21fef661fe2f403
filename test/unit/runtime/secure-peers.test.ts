import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { dynamoDbClient } from '#runtime/aws/dynamodb-client.ts';
import { JsonPoster } from '#runtime/post-json.ts';

// The local stack speaks HTTP: here is what TLS adds, which every peer in the cloud speaks.

const cert = readFileSync('test/fixtures/tls/certificate.pem', 'utf8');
const key = readFileSync('test/fixtures/tls/key.pem', 'utf8');
const NOTHING = new GetItemCommand({ TableName: 't', Key: { pk: { S: 'ñ' } } });
const trusted = getCACertificates();

let url: string;
let connections = 0;
let breaksNext = false;
const server = createServer({ cert, key }, (request, response) => {
  if (breaksNext) {
    breaksNext = false;
    request.socket.destroy();
  } else {
    request.resume().on('end', () => response.end('{"said":"hello"}'));
  }
});

beforeAll(async () => {
  server.on('secureConnection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, () => resolve()));
  url = `https://localhost:${(server.address() as AddressInfo).port}`;
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ENDPOINT_URL', url);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIATEST');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
});

beforeEach(() => {
  setDefaultCACertificates([cert]);
  server.closeAllConnections();
  connections = 0;
});

afterAll(() => {
  setDefaultCACertificates(trusted);
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
});

function post(poster: JsonPoster) {
  const deadline = AbortSignal.timeout(5_000);
  return poster.post({ url, token: 'token', body: { text: 'ñ' }, deadline });
}

// First: a session of TLS that was taken up once is not asked again who it is.
it('says nothing to whom nobody vouches for', async () => {
  setDefaultCACertificates(trusted);
  const code = 'DEPTH_ZERO_SELF_SIGNED_CERT';
  const refused = { kind: 'not-sent', code: code.toLowerCase() };
  expect(await post(new JsonPoster())).toEqual(refused);
  await expect(dynamoDbClient().send(NOTHING)).rejects.toMatchObject({ code });
});

it('keeps a connection to AWS, and makes another where it had died while nobody asked', async () => {
  const client = dynamoDbClient();
  await client.send(NOTHING);
  await client.send(NOTHING);
  expect(connections).toBe(1);
  breaksNext = true;
  await client.send(NOTHING);
  expect(connections).toBe(2);
});

it('keeps a connection to who takes JSON, and tells when a message may have got lost', async () => {
  const poster = new JsonPoster();
  expect(await post(poster)).toMatchObject({ kind: 'answered', body: { said: 'hello' } });
  expect(await post(poster)).toMatchObject({ kind: 'answered' });
  expect(connections).toBe(1);
  breaksNext = true;
  expect(await post(poster)).toEqual({ kind: 'lost', code: 'econnreset' });
});
