import { fileURLToPath } from 'node:url';
import { Callers } from '#local/callers.ts';
import { Faults } from '#local/faults.ts';
import type { FunctionDefinition } from '#local/lambda/function-definition.ts';
import type { InvocationEvent, LogLine } from '#local/lambda/invocation.ts';
import { LambdaFunction } from '#local/lambda/lambda-function.ts';
import { WaitingClients } from '#local/lambda/waiting-clients.ts';

/** A function of test/fixtures/lambda/, running in real processes, and all that it was seen to do. */
export function aLambda(fixture: string, over: Partial<FunctionDefinition> = {}) {
  const faults = new Faults();
  const callers = new Callers(faults);
  const lines: LogLine[] = [];
  const events: InvocationEvent[] = [];
  const definition: FunctionDefinition = {
    name: 'echo',
    physicalName: 'concierge-echo',
    arn: 'arn:aws:lambda:eu-west-1:000000000000:function:concierge-echo',
    logicalId: 'Echo',
    roleLogicalId: 'EchoRole',
    taskRoot: fileURLToPath(new URL(`../fixtures/lambda/${fixture}`, import.meta.url)),
    handler: 'index.handler',
    runtime: 'nodejs24.x',
    region: 'eu-west-1',
    logGroupName: '/aws/lambda/concierge-echo',
    variables: {},
    timeoutSeconds: 10,
    memoryMb: 256,
    reservedConcurrency: undefined,
    ...over,
  };
  const waitingClients = new WaitingClients();
  const lambda = new LambdaFunction(definition, {
    faults,
    callers,
    extraEnvironment: (name, environmentId) => ({
      GRAPH_BASE_URL: `http://graph/${name}/${environmentId}`,
    }),
    onLog: (line) => lines.push(line),
    onInvocation: (event) => events.push(event),
    unreservedEnvironments: 4,
    waitingClients,
  });
  return { lambda, faults, callers, lines, events, waitingClients };
}
