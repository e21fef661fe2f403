import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { afterEach, expect, test, vi } from 'vitest';
import type { FunctionDefinition } from '#local/lambda/function-definition.ts';
import type { InvokeOutcome } from '#local/lambda/invocation.ts';
import { listen, type RunningServer } from '#local/peer-server.ts';
import { aLambda } from '#test/support/lambda-fixture.ts';

// Real processes are started here, which takes a busy machine longer than five seconds.
vi.setConfig({ testTimeout: 30_000 });

const closing: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((each) => each.close()));
});

function started(fixture = 'echo', over: Partial<FunctionDefinition> = {}) {
  const made = aLambda(fixture, over);
  closing.push(made.lambda);
  return made;
}

function invoke({ lambda }: ReturnType<typeof started>, event: unknown): Promise<InvokeOutcome> {
  return lambda.invoke(JSON.stringify(event), 'direct');
}

// biome-ignore lint/suspicious/noExplicitAny: what the fixture returns is read field by field
function payloadOf(outcome: InvokeOutcome): any {
  return outcome.kind === 'returned' ? JSON.parse(outcome.payload) : outcome;
}

/** A peer that answers when the test says so: a handler that asks it is known to be at work. */
async function aSlowPeer(): Promise<{ server: RunningServer; next(): Promise<ServerResponse> }> {
  const server = createServer();
  const running = await listen(server, 0);
  closing.push(running);
  return {
    server: running,
    next: async () => {
      const [, response] = await once(server, 'request');
      return response;
    },
  };
}

test('gives a process exactly the template’s variables, the runtime’s own and the added ones', async () => {
  const seen = payloadOf(
    await invoke(started('echo', { variables: { TENANTS_TABLE: 'tenants' } }), {}),
  );
  expect(Object.keys(seen.environment).sort()).toEqual([
    'AWS_ACCESS_KEY_ID',
    'AWS_DEFAULT_REGION',
    'AWS_EXECUTION_ENV',
    'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
    'AWS_LAMBDA_FUNCTION_NAME',
    'AWS_LAMBDA_FUNCTION_VERSION',
    'AWS_LAMBDA_INITIALIZATION_TYPE',
    'AWS_LAMBDA_LOG_GROUP_NAME',
    'AWS_LAMBDA_LOG_STREAM_NAME',
    'AWS_LAMBDA_RUNTIME_API',
    'AWS_REGION',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_SESSION_TOKEN',
    'GRAPH_BASE_URL',
    'LAMBDA_TASK_ROOT',
    'LANG',
    'TENANTS_TABLE',
    'TZ',
    '_HANDLER',
    '_X_AMZN_TRACE_ID',
  ]);
  expect(seen.environment.TENANTS_TABLE).toBe('tenants');
  expect(seen.environment.AWS_REGION).toBe('eu-west-1');
});

test('tells the handler its request id, its ARN and the time that is left', async () => {
  const fixture = started('echo', { timeoutSeconds: 7 });
  const seen = payloadOf(await invoke(fixture, { text: 'hello 😀' }));
  expect(seen.event).toEqual({ text: 'hello 😀' });
  expect(seen.requestId).toBe(fixture.events[0]?.requestId);
  expect(seen.functionArn).toBe(fixture.lambda.definition.arn);
  expect(seen.remainingMs).toBeGreaterThan(0);
  expect(seen.remainingMs).toBeLessThanOrEqual(7000);
});

test('uses a warm process again', async () => {
  const fixture = started();
  const first = payloadOf(await invoke(fixture, {}));
  const second = payloadOf(await invoke(fixture, {}));
  expect(second.pid).toBe(first.pid);
  expect(second.invocations).toBe(2);
  const starts = fixture.events.filter((event) => event.kind === 'started');
  expect(starts.map((event) => event.coldStart)).toEqual([true, false]);
});

test('answers null for a handler that returns nothing', async () => {
  expect(payloadOf(await invoke(started(), { do: 'nothing' }))).toBeNull();
});

test('hands on what the handler throws', async () => {
  expect(await invoke(started(), { do: 'throw' })).toMatchObject({
    kind: 'failed',
    error: { errorType: 'RangeError', errorMessage: 'as asked' },
  });
});

test('reports a process that ends by itself as Runtime.ExitError, and starts another', async () => {
  const fixture = started();
  expect(await invoke(fixture, { do: 'exit' })).toMatchObject({
    kind: 'failed',
    error: {
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringContaining('Runtime exited with error: exit status 3'),
    },
  });
  expect(payloadOf(await invoke(fixture, {})).invocations).toBe(1);
});

test('ends a process that works longer than the function’s timeout', async () => {
  const fixture = started('echo', { timeoutSeconds: 1 });
  expect(await invoke(fixture, { do: 'hang' })).toMatchObject({
    kind: 'failed',
    error: {
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringContaining('Task timed out after 1.00 seconds'),
    },
  });
  expect(payloadOf(await invoke(fixture, {})).invocations).toBe(1);
});

test('reports a bundle that cannot be loaded, each time it is asked', async () => {
  const fixture = started('broken');
  const expected = {
    kind: 'failed',
    error: { errorType: 'TypeError', errorMessage: 'cannot load' },
  };
  expect(await invoke(fixture, {})).toMatchObject(expected);
  expect(await invoke(fixture, {})).toMatchObject(expected);
});

test('reports a handler that is not exported', async () => {
  expect(await invoke(started('no-export'), {})).toMatchObject({
    kind: 'failed',
    error: { errorType: 'Runtime.HandlerNotFound' },
  });
});

test('runs concurrent events in processes of their own, up to the reserved concurrency', async () => {
  const fixture = started('echo', { reservedConcurrency: 2 });
  const peer = await aSlowPeer();
  const ask = { do: 'fetch', url: peer.server.url };
  const [firstArrived, first] = [peer.next(), invoke(fixture, ask)];
  const firstResponse = await firstArrived;
  const [secondArrived, second] = [peer.next(), invoke(fixture, ask)];
  const secondResponse = await secondArrived;
  expect(await invoke(fixture, ask)).toEqual({ kind: 'throttled' });
  firstResponse.end();
  secondResponse.end();
  expect(payloadOf(await first)).toEqual({ status: 200 });
  expect(payloadOf(await second)).toEqual({ status: 200 });
  expect(payloadOf(await invoke(fixture, {})).invocations).toBe(2);
});

test('lets more events than processes wait where no concurrency is reserved', async () => {
  const fixture = started();
  const pids = await Promise.all(
    Array.from({ length: 12 }, async () => payloadOf(await invoke(fixture, {})).pid),
  );
  expect(new Set(pids).size).toBeLessThanOrEqual(4);
});

test('a killed environment fails its invocation as a crash does', async () => {
  const fixture = started();
  const peer = await aSlowPeer();
  const [arrived, outcome] = [peer.next(), invoke(fixture, { do: 'fetch', url: peer.server.url })];
  await arrived;
  const start = fixture.events.find((event) => event.kind === 'started');
  fixture.callers.get(start?.environmentId ?? '')?.kill();
  expect(await outcome).toMatchObject({
    kind: 'failed',
    error: {
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringContaining('signal: killed'),
    },
  });
  expect(fixture.callers.get(start?.environmentId ?? '')).toBeUndefined();
});

test('ends processes by what they are at, and gives no event to one that was idle', async () => {
  const fixture = started();
  const first = payloadOf(await invoke(fixture, {})).pid;
  expect(fixture.callers.killSome('echo', 'working', 9)).toBe(0);
  expect(fixture.callers.killSome('nobody', 'all', 9)).toBe(0);
  expect(fixture.callers.killSome('echo', 'idle', 9)).toBe(1);
  expect(fixture.callers.killSome('echo', 'all', 9)).toBe(0);
  expect(payloadOf(await invoke(fixture, {})).pid).not.toBe(first);
  const peer = await aSlowPeer();
  const [arrived, outcome] = [peer.next(), invoke(fixture, { do: 'fetch', url: peer.server.url })];
  await arrived;
  expect(fixture.callers.killSome('echo', 'idle', 9)).toBe(0);
  expect(fixture.callers.killSome('echo', 'working', 9)).toBe(1);
  expect(await outcome).toMatchObject({ error: { errorType: 'Runtime.ExitError' } });
});

test('a client waits until a process has its request, and so does one whose process cannot start', async () => {
  const { lambda, waitingClients } = started();
  const wait = lambda.invoke('{}', 'http');
  expect(waitingClients.any).toBe(true);
  await wait;
  expect(waitingClients.any).toBe(false);
  const broken = started('broken');
  await broken.lambda.invoke('{}', 'http');
  expect(broken.waitingClients.any).toBe(false);
  const queued = started();
  const ring = queued.lambda.invoke('{}', 'sqs');
  expect(queued.waitingClients.any).toBe(false);
  await ring;
});

test('every line that a handler wrote is there when its result is', async () => {
  const fixture = started();
  const print = Array.from({ length: 5000 }, (_, index) => `line ${index} ${'ü'.repeat(50)}`);
  await invoke(fixture, { print });
  const written = fixture.lines.filter((line) => line.stream === 'stdout');
  expect(written.map((line) => line.text)).toEqual(print);
});

test('refuses an event and a result of more than 6 MB', async () => {
  const fixture = started();
  expect(await invoke(fixture, { text: 'x'.repeat(6 * 1024 * 1024) })).toEqual({
    kind: 'refused',
    status: 413,
  });
  expect(await invoke(fixture, { do: 'large' })).toMatchObject({
    kind: 'failed',
    error: { errorType: 'Function.ResponseSizeTooLarge' },
  });
});

test('no process outlives the closing of its function', async () => {
  const fixture = started();
  const { pid } = payloadOf(await invoke(fixture, {}));
  await fixture.lambda.close();
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test('an armed throttle, status or lost result is met once, and only a lost result has run', async () => {
  const fixture = started();
  fixture.faults.arm('lambda:echo', { kind: 'throttle' }, 1);
  fixture.faults.arm('lambda:echo', { kind: 'status', status: 503 }, 1);
  fixture.faults.arm('lambda:echo', { kind: 'reset-after-effect' }, 1);
  expect(await invoke(fixture, {})).toEqual({ kind: 'throttled' });
  expect(await invoke(fixture, {})).toEqual({ kind: 'refused', status: 503 });
  expect(await invoke(fixture, {})).toEqual({ kind: 'refused', status: 500 });
  expect(payloadOf(await invoke(fixture, {})).invocations).toBe(2);
});

test('an armed timeout runs nothing and takes the function’s whole time', async () => {
  const fixture = started('echo', { timeoutSeconds: 1 });
  fixture.faults.arm('lambda:echo', { kind: 'timeout' }, 1);
  expect(await invoke(fixture, {})).toMatchObject({
    kind: 'failed',
    error: { errorType: 'Sandbox.Timedout' },
  });
  expect(fixture.lines).toEqual([]);
  expect(fixture.events).toMatchObject([
    { kind: 'started' },
    { kind: 'finished', outcome: 'failed', errorType: 'Sandbox.Timedout', durationMs: 1_000 },
  ]);
});
