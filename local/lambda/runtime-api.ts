import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen, type RunningServer, readBody } from '../peer-server.ts';

/** One event on its way to a handler. */
export interface RuntimeInvocation {
  readonly requestId: string;
  /** JSON text. */
  readonly payload: string;
  readonly deadlineMs: number;
  readonly functionArn: string;
  readonly traceHeader: string;
}

/** A function error as Lambda hands it on. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** How much the process had written to each stream when it made a call; undefined if it did not say. */
export interface OutputBytes {
  readonly stdout: number;
  readonly stderr: number;
}

/** What a runtime tells. */
export interface RuntimeListener {
  /** The runtime waits for its next event; `give` answers it. */
  ready(give: (invocation: RuntimeInvocation) => void): void;
  initFailed(error: FunctionError, output: OutputBytes | undefined): void;
  returned(requestId: string, payload: string, output: OutputBytes | undefined): void;
  failed(requestId: string, error: FunctionError, output: OutputBytes | undefined): void;
}

const ACCEPTED = '{"status":"OK"}';
const PATH = /^\/2018-06-01\/runtime\/(?:invocation\/([^/]+)|init)\/(response|error)$/;

/**
 * The Lambda runtime API for one execution environment: a server of its own, because the API knows
 * its caller by the port alone (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html).
 */
export async function startRuntimeApi(listener: RuntimeListener): Promise<RunningServer> {
  const server = createServer((request, response) => {
    answer(request, response, listener).catch(() => response.destroy());
  });
  const running = await listen(server, 0);
  server.keepAliveTimeout = 0; // A handler may work longer than any idle limit between two calls.
  return running;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  listener: RuntimeListener,
): Promise<void> {
  if (request.method === 'GET' && request.url === '/2018-06-01/runtime/invocation/next') {
    listener.ready((invocation) => {
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(invocation.payload),
        'lambda-runtime-aws-request-id': invocation.requestId,
        'lambda-runtime-deadline-ms': String(invocation.deadlineMs),
        'lambda-runtime-invoked-function-arn': invocation.functionArn,
        'lambda-runtime-trace-id': invocation.traceHeader,
      });
      response.end(invocation.payload);
    });
    return;
  }
  const [matched, requestId, report] = PATH.exec(request.url ?? '') ?? [];
  if (matched === undefined || request.method !== 'POST') {
    response.writeHead(404).end();
    return;
  }
  const body = (await readBody(request)).toString();
  response.writeHead(202, { 'content-length': ACCEPTED.length }).end(ACCEPTED);
  const output = outputOf(request);
  if (requestId === undefined) listener.initFailed(parseError(body), output);
  else if (report === 'error') listener.failed(requestId, parseError(body), output);
  else listener.returned(requestId, body, output);
}

function parseError(body: string): FunctionError {
  const json: unknown = JSON.parse(body);
  const { errorType, errorMessage, trace } =
    typeof json === 'object' && json !== null
      ? (json as Partial<Record<keyof FunctionError, unknown>>)
      : {};
  return {
    errorType: typeof errorType === 'string' ? errorType : 'Error',
    errorMessage: typeof errorMessage === 'string' ? errorMessage : '',
    ...(Array.isArray(trace) && { trace: trace.map(String) }),
  };
}

function outputOf(request: IncomingMessage): OutputBytes | undefined {
  const [stdout, stderr] = String(request.headers['x-output-bytes'] ?? '').split(' ');
  if (stdout === undefined || stderr === undefined) return undefined;
  return { stdout: Number(stdout), stderr: Number(stderr) };
}
