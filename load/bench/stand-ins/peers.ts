import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { JsonApi } from '../../../local/aws/json-api.ts';
import { realClock } from '../../../local/clock.ts';
import { kmsApi } from '../../../local/kms/kms-api.ts';
import { ScriptedModel } from '../../../local/model/scripted-model.ts';
import {
  listen,
  type PeerRequest,
  type PeerResponse,
  type RunningServer,
  readBody,
} from '../../../local/peer-server.ts';
import { secretsApi } from '../../../local/secrets/secrets-api.ts';
import { sqsApi } from '../../../local/sqs/json-protocol.ts';
import { bringUp, type StandInCloud } from './cloud.ts';
import { answerControl } from './control.ts';
import { answerAsGraph } from './graph.ts';

/** How often each operation was called, such as `DynamoDB Query` or `Graph messages`. */
export type Calls = Record<string, number>;

export interface Peers {
  readonly cloud: StandInCloud;
  readonly model: ScriptedModel;
  calls: Calls;
}

/** AWS, the model and WhatsApp at one address, which count who asks them what. */
export async function startPeers(
  assemblyDirectory: string,
  closers: (() => unknown)[],
): Promise<RunningServer> {
  let answer: ((request: PeerRequest) => Promise<PeerResponse>) | undefined;
  const server = createServer((incoming, response) => {
    read(incoming)
      .then(async (request) => write(response, (await answer?.(request)) ?? NOT_YET))
      .catch((error) => write(response, { status: 500, body: String(error) }));
  });
  const running = await listen(server, 0);
  closers.push(() => running.close());
  const cloud = await bringUp(assemblyDirectory, running.url, closers);
  const peers: Peers = { cloud, model: new ScriptedModel({ clock: realClock() }), calls: {} };
  const services = servicesOf(cloud);
  answer = (request) => answerAs(peers, services, running.url, request);
  return running;
}

const NOT_YET: PeerResponse = { status: 503, body: '' };

interface Service {
  readonly name: string;
  readonly api: JsonApi;
  readonly contentType: string;
}

/** By what stands before the dot in `X-Amz-Target`. */
function servicesOf(cloud: StandInCloud): Readonly<Record<string, Service>> {
  const [json10, json11] = ['application/x-amz-json-1.0', 'application/x-amz-json-1.1'];
  return {
    DynamoDB_20120810: { name: 'DynamoDB', api: cloud.dynamodb, contentType: json10 },
    AmazonSQS: { name: 'SQS', api: sqsApi(cloud.sqs), contentType: json10 },
    secretsmanager: { name: 'Secrets', api: secretsApi(cloud.secrets), contentType: json11 },
    TrentService: { name: 'KMS', api: kmsApi(cloud.kms), contentType: json11 },
  };
}

async function answerAs(
  peers: Peers,
  services: Readonly<Record<string, Service>>,
  endpoint: string,
  request: PeerRequest,
): Promise<PeerResponse> {
  const [prefix = '', operation = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
  const service = services[prefix];
  if (service) {
    count(peers, `${service.name} ${operation}`);
    const call = { endpoint, principalId: 'bench' };
    const answered = await service.api.handle(operation, request.body.toString('utf8'), call);
    const headers = { 'content-type': service.contentType, ...answered.headers };
    return { ...answered, headers };
  }
  if (request.path.startsWith('/stand-ins/')) return answerControl(peers, request);
  if (request.path.startsWith('/v1/')) {
    count(peers, `Model ${request.path.slice('/v1/'.length)}`);
    return peers.model.respond(request);
  }
  if (/^\/v\d+\.\d+\/\d+\/messages$/.test(request.path)) {
    count(peers, 'Graph messages');
    return answerAsGraph(request);
  }
  return { status: 404, body: `No peer of a function is called like ${request.path}` };
}

function count({ calls }: Peers, name: string): void {
  calls[name] = (calls[name] ?? 0) + 1;
}

async function read(incoming: IncomingMessage): Promise<PeerRequest> {
  const url = new URL(incoming.url ?? '/', 'http://peer');
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    body: await readBody(incoming),
    environmentId: undefined,
  };
}

function write(response: ServerResponse, { status, headers, body }: PeerResponse): void {
  response.writeHead(status, { ...headers });
  response.end(body);
}
