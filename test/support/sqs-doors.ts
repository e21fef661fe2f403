import { newModel, type SqsDoor } from './sqs-door.ts';
import { modelDoor } from './sqs-model-door.ts';
import { sdkDoor } from './sqs-sdk-door.ts';

/** Both ways to the model: calling it, and the AWS SDK over HTTP; each with its own empty model. */
export const SQS_DOORS: readonly [string, () => Promise<SqsDoor>][] = [
  ['the model', async () => modelDoor(newModel())],
  ['the SDK', async () => sdkDoor(newModel())],
];
