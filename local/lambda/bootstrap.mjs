// Speaks the Lambda runtime API for one execution environment, in the place of the runtime that AWS
// puts there (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html). The official
// aws-lambda-ric can take its place. Plain JavaScript: stripping types would cost every cold start
// some 40 ms that the cloud does not have.
// biome-ignore-all lint/style/noProcessEnv: the runtime is told everything by environment variables
import { existsSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { _HANDLER, LAMBDA_TASK_ROOT, AWS_LAMBDA_RUNTIME_API } = process.env;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

// Ctrl-C reaches the whole process group; when this process ends is its parent's business.
process.on('SIGINT', () => {});
// The parent never writes: the end of this stream is the end of the parent, however it came.
process.stdin.on('end', () => process.exit()).resume();

/** Without a runtime API there is nothing left to do: any failure ends the process. */
function call(method, path, body) {
  return new Promise((resolve) => {
    const outgoing = request(
      `http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime${path}`,
      { method, agent, headers: { 'x-output-bytes': outputBytes() } },
      async (response) => {
        const chunks = [];
        for await (const chunk of response) chunks.push(chunk);
        resolve({ headers: response.headers, body: Buffer.concat(chunks).toString() });
      },
    );
    outgoing.on('error', () => process.exit());
    outgoing.end(body);
  });
}

/** How much was written so far, so that the parent can wait for the last log line of an invocation. */
function outputBytes() {
  return `${process.stdout.bytesWritten} ${process.stderr.bytesWritten}`;
}

function described(error) {
  const { name = 'Error', message = String(error), stack = '' } = error ?? {};
  return JSON.stringify({ errorType: name, errorMessage: message, trace: stack.split('\n') });
}

async function loadHandler() {
  const dot = _HANDLER.lastIndexOf('.');
  const stem = join(LAMBDA_TASK_ROOT, _HANDLER.slice(0, dot));
  const file = ['.mjs', '.js', '.cjs'].map((ending) => stem + ending).find(existsSync);
  if (file === undefined) throw refusal('Runtime.ImportModuleError', `Cannot find module ${stem}`);
  const module = await import(pathToFileURL(file).href);
  const exported = module[_HANDLER.slice(dot + 1)];
  if (typeof exported === 'function') return exported;
  throw refusal('Runtime.HandlerNotFound', `${_HANDLER} is undefined or not exported`);
}

function refusal(name, message) {
  return Object.assign(new Error(message), { name });
}

function contextOf(headers) {
  const deadlineMs = Number(headers['lambda-runtime-deadline-ms']);
  return {
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
  };
}

const handler = await loadHandler().catch(async (error) => {
  await call('POST', '/init/error', described(error));
  process.exit(1);
});

for (;;) {
  const { headers, body } = await call('GET', '/invocation/next');
  process.env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'];
  const context = contextOf(headers);
  const path = `/invocation/${context.awsRequestId}`;
  try {
    const result = await handler(JSON.parse(body), context);
    await call('POST', `${path}/response`, JSON.stringify(result ?? null));
  } catch (error) {
    await call('POST', `${path}/error`, described(error));
  }
}
