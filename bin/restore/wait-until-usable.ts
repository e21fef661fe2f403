import type { TableDescription } from '@aws-sdk/client-dynamodb';
import type { RestoreDeps } from './aws.ts';
import { describeTable } from './read-settings.ts';

const BETWEEN_SECONDS = 15;

/** Waits until the table and every index of it are active and no restore runs: for as long as it takes. */
export async function waitUntilUsable(deps: RestoreDeps, name: string): Promise<TableDescription> {
  for (let minutes = 0; ; minutes += BETWEEN_SECONDS / 60) {
    const table = await describeTable(deps, name);
    if (table !== undefined && isUsable(table)) return table;
    if (Number.isInteger(minutes) && minutes > 0) {
      deps.say(`${name}: ${table?.TableStatus?.toLowerCase() ?? 'not there yet'}, ${minutes} min`);
    }
    await deps.sleep(BETWEEN_SECONDS);
  }
}

function isUsable({ TableStatus, RestoreSummary, GlobalSecondaryIndexes = [] }: TableDescription) {
  return (
    TableStatus === 'ACTIVE' &&
    RestoreSummary?.RestoreInProgress !== true &&
    GlobalSecondaryIndexes.every(({ IndexStatus }) => IndexStatus === 'ACTIVE')
  );
}
