import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import type { StageName } from '#lib/config/stages.ts';
import type { RestoreDeps } from './aws.ts';
import { findDoors } from './traffic.ts';

/** What a function works with, as it is called: not what is deployed next, or was before. */
interface Worker {
  readonly conversations: string | undefined;
  /** Of the processor after a restore. */
  readonly restoredUntil: string | undefined;
}

/** Of all functions that a queue feeds. */
export async function readWorkers(deps: RestoreDeps, stage: StageName): Promise<readonly Worker[]> {
  const { fed } = await findDoors(deps, stage);
  return Promise.all(
    fed.map(async (FunctionName) => {
      const { Environment: { Variables: variables = {} } = {} } = await deps.lambda.send(
        new GetFunctionConfigurationCommand({ FunctionName }),
      );
      return {
        conversations: variables['CONVERSATIONS_TABLE'],
        restoredUntil: variables['RESTORED_UNTIL'],
      };
    }),
  );
}
