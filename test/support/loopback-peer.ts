import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the peer got it. */
interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON was sent
  readonly body: any;
}

export type Answer = (response: ServerResponse, request: SeenRequest) => void;

/** A real HTTP server on loopback that answers as a test says, one answer after the other; the last one stays. */
export async function startLoopbackPeer() {
  const requests: SeenRequest[] = [];
  let answers: Answer[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const seen = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: JSON.parse(Buffer.concat(chunks).toString() || 'null'),
    };
    requests.push(seen);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    answer?.(response, seen);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    /** Forgets what it has seen, and answers so from now on. */
    answerWith(...next: Answer[]) {
      requests.length = 0;
      answers = next;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
}

/** Takes the request and breaks the connection. */
export const reset: Answer = (response) => {
  response.destroy();
};

/** Takes the request and says nothing, for as long as anybody waits. */
export const silence: Answer = () => {};

/** Starts to answer and stops in the middle. */
export const halfAnAnswer: Answer = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"id":');
};
