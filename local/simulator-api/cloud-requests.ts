import { isObject, type JsonObject, valueAt } from '#domain/json.ts';
import { ENVIRONMENT_STATES } from '#local/callers.ts';
import type { CloudControls } from '#local/cloud-controls.ts';
import { SqsError } from '#local/sqs/sqs-error.ts';
import { optionalOneOf, optionalWholeNumber, requiredText } from './request-body.ts';
import { RequestError } from './request-error.ts';

const MOST_ENVIRONMENTS = 1_000;

/** `POST kills`: processes of a function end now. @throws RequestError 400 */
export function killEnvironments(
  cloud: CloudControls,
  functions: readonly string[],
  body: JsonObject,
): JsonObject {
  const name = functionIn(functions, body);
  const state = optionalOneOf(body, 'state', ENVIRONMENT_STATES) ?? 'working';
  const most =
    optionalWholeNumber(body, 'most', { min: 1, max: MOST_ENVIRONMENTS }) ?? MOST_ENVIRONMENTS;
  return { killed: cloud.kill(name, state, most) };
}

/** `POST invocations`: a function runs now, as its schedule would run it. @throws RequestError 400 */
export async function runFunction(
  cloud: CloudControls,
  functions: readonly string[],
  body: JsonObject,
): Promise<JsonObject> {
  const name = functionIn(functions, body);
  return { function: name, outcome: await cloud.run(name) };
}

/** `GET queues` */
export function describeQueues(cloud: CloudControls): JsonObject {
  return { queues: cloud.queues() };
}

/** `POST purges`: a queue is emptied. @throws RequestError 400 */
export function purgeQueue(cloud: CloudControls, body: JsonObject): JsonObject {
  cloud.purge(queueIn(cloud, body));
  return describeQueues(cloud);
}

/** `POST redrives`: a dead-letter queue's messages go back. @throws RequestError 400 */
export function redriveQueue(cloud: CloudControls, body: JsonObject): JsonObject {
  const queue = queueIn(cloud, body);
  try {
    cloud.redrive(queue);
  } catch (error) {
    if (error instanceof SqsError) throw new RequestError(400, error.message);
    throw error;
  }
  return describeQueues(cloud);
}

/** `POST secrets`: a secret gets a new value. @throws RequestError 400 */
export async function putSecretValue(cloud: CloudControls, body: JsonObject): Promise<JsonObject> {
  const name = requiredText(body, 'secret');
  const value = valueAt(body, 'value');
  if (!isObject(value)) throw new RequestError(400, 'value must be an object');
  if (!(await cloud.putSecret(name, value))) {
    throw new RequestError(400, 'secret must be platform or the id of a business');
  }
  return { secret: name };
}

function functionIn(functions: readonly string[], body: JsonObject): string {
  const name = requiredText(body, 'function');
  if (functions.includes(name)) return name;
  throw new RequestError(400, `There is no such function; there are ${functions.join(', ')}`);
}

function queueIn(cloud: CloudControls, body: JsonObject): string {
  const queue = requiredText(body, 'queue');
  const names = cloud.queues().map(({ name }) => name);
  if (!names.includes(queue)) {
    throw new RequestError(400, `There is no such queue; there are ${names.join(', ')}`);
  }
  return queue;
}
