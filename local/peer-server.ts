import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Callers } from './callers.ts';
import type { Fault, FaultPeer, Faults } from './faults.ts';

export interface PeerRequest {
  readonly method: string;
  /** Path without the `/from/<environment id>` prefix that tells who calls. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /** The execution environment that calls; undefined for a person or a test. */
  readonly environmentId: string | undefined;
}

export interface PeerResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** How one peer answers, and how its refusals look. */
export interface PeerBehaviour {
  /** Which peer's faults apply to this request. */
  peerOf(request: PeerRequest): FaultPeer;
  /** Whose execution environment sent it, where the request itself tells (an access key id). */
  environmentOf?(request: PeerRequest): string | undefined;
  /** True for a request that meets no faults. @default none */
  isExempt?(request: PeerRequest): boolean;
  respond(request: PeerRequest): Promise<PeerResponse>;
  /** The body that this peer really gives for an injected refusal; nothing has taken effect. */
  refuse(
    fault: Extract<Fault, { kind: 'status' | 'graph' | 'throttle' }>,
    request: PeerRequest,
  ): PeerResponse;
}

export interface PeerServerDeps {
  readonly faults: Faults;
  readonly callers: Callers;
}

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** An outside peer or AWS service on loopback, with the faults of the fault API around each effect. */
export async function startPeerServer(
  behaviour: PeerBehaviour,
  deps: PeerServerDeps,
): Promise<RunningServer> {
  const server = createServer((request, response) => {
    answer(request, response, behaviour, deps).catch(() => response.destroy());
  });
  return listen(server, 0);
}

/** So many may connect at the same moment; with fewer, some would knock again a second later. */
const BACKLOG = 4_096;

/** Listens on loopback only. */
export async function listen(server: Server, port: number): Promise<RunningServer> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', backlog: BACKLOG }, resolve);
  });
  server.keepAliveTimeout = 60_000;
  const bound = addressOf(server).port;
  return {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return address;
}

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const FROM = /^\/from\/([^/]+)(\/.*)?$/;

async function answer(
  incoming: IncomingMessage,
  response: ServerResponse,
  behaviour: PeerBehaviour,
  { faults, callers }: PeerServerDeps,
): Promise<void> {
  const url = new URL(incoming.url ?? '/', 'http://peer');
  const from = FROM.exec(url.pathname);
  const draft: PeerRequest = {
    method: incoming.method ?? 'GET',
    path: from ? (from[2] ?? '/') : url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    body: await readBody(incoming),
    environmentId: from?.[1],
  };
  const request = {
    ...draft,
    environmentId: draft.environmentId ?? behaviour.environmentOf?.(draft),
  };
  if (callers.dies(request.environmentId)) {
    response.destroy();
    return;
  }
  const fault = behaviour.isExempt?.(request)
    ? undefined
    : faults.take(behaviour.peerOf(request), (each) => each.kind !== 'kill');
  switch (fault?.kind) {
    case 'status':
    case 'graph':
    case 'throttle':
      return write(response, behaviour.refuse(fault, request));
    case 'timeout':
      return; // The socket stays open and silent until the caller gives up.
    case 'slow':
      await sleep(fault.delayMs);
      return write(response, await behaviour.respond(request));
    case 'reset-after-effect':
      await behaviour.respond(request);
      response.destroy();
      return;
    case 'kill-caller':
      callers.kill(request.environmentId);
      response.destroy();
      return;
    case 'kill-caller-after-effect':
      await behaviour.respond(request);
      callers.kill(request.environmentId);
      response.destroy();
      return;
    case 'kill':
    case undefined:
      return write(response, await behaviour.respond(request));
  }
}

function write(response: ServerResponse, { status, headers, body }: PeerResponse): void {
  // A body whose length is not told goes out in chunks: more for both sides to do. A 204 has none.
  const length = status === 204 ? undefined : { 'content-length': Buffer.byteLength(body) };
  response.writeHead(status, { ...length, ...headers });
  response.end(body);
}
