import type { JsonObject } from '#domain/json.ts';
import type { Callers, EnvironmentState } from './callers.ts';
import type { LocalCloud } from './cloud/local-cloud.ts';
import type { InvokeOutcome } from './lambda/invocation.ts';
import { replaceSecret } from './put-secret.ts';

/** A queue as the simulator's API lists it. */
interface QueueView {
  readonly name: string;
  /** Can be received now. */
  readonly available: number;
  /** Received and hidden. */
  readonly in_flight: number;
}

/** What an operator, or an accident, can do to the deployed application. */
export interface CloudControls {
  /** Ends execution environments at once. @returns how many */
  kill(functionName: string, state: EnvironmentState, most: number): number;
  /** Calls a function with an event of nothing, as its schedule would. @returns how it ended */
  run(functionName: string): Promise<InvokeOutcome['kind']>;
  queues(): readonly QueueView[];
  /** Everything in the queue is gone. */
  purge(queue: string): void;
  /** What lies on a dead-letter queue goes to the queue whose it is. @throws SqsError for another queue */
  redrive(queue: string): void;
  /** Puts a new value into the platform's secret (`platform`) or a tenant's (its id). @returns false where there is none */
  putSecret(name: string, value: JsonObject): Promise<boolean>;
}

export function cloudControls(cloud: LocalCloud, callers: Callers): CloudControls {
  const { sqs } = cloud;
  return {
    kill: (functionName, state, most) => callers.killSome(functionName, state, most),
    run: async (functionName) => (await cloud.invoke(functionName, '{}')).kind,
    queues: () =>
      sqs.queueNames().map((name) => {
        const attributes = sqs.attributesOf(name);
        return {
          name,
          available: Number(attributes['ApproximateNumberOfMessages']),
          in_flight: Number(attributes['ApproximateNumberOfMessagesNotVisible']),
        };
      }),
    purge: (queue) => sqs.purgeQueue(queue),
    redrive: (queue) => {
      const [sourceArn, destinationArn] = [sqs.arnOf(queue), sourceOf(queue, cloud)];
      sqs.startMessageMoveTask({ sourceArn, destinationArn });
    },
    putSecret: (name, value) => replaceSecret(cloud, name, value),
  };
}

/** Named as the runbooks name it: SQS does not know where a ring came from that the processor put there. */
function sourceOf(deadLetters: string, { sqs }: LocalCloud): string | undefined {
  const source = sqs
    .queueNames()
    .find((name) =>
      sqs.attributesOf(name)['RedrivePolicy']?.includes(`"${sqs.arnOf(deadLetters)}"`),
    );
  return source === undefined ? undefined : sqs.arnOf(source);
}
