import { join } from 'node:path';
import { vaultNameOf } from '#lib/backups/table-backups.ts';
import type { MetricIdentity } from '#local/cloudwatch/metric-point.ts';
import { compressedPace } from '#local/cloudwatch/pace.ts';
import { type LocalStack, startStack } from '#local/stack.ts';
import { type Assembly, synthesize } from '#local/synthesize.ts';
import { deployments } from '../../bin/deployments.ts';

/** A stack on which a minute lasts half a second. */
const SPEED = 120;

const STAGE = 'dev';
const APP = join(import.meta.dirname, 'game-app.ts');

/** In the vault of the stage. */
export const BACKUPS_COMPLETED = backupJobs('Completed');
export const BACKUPS_FAILED = backupJobs('Failed');

function backupJobs(state: string): MetricIdentity {
  const dimensions = { BackupVaultName: vaultNameOf(STAGE) };
  return { namespace: 'AWS/Backup', name: `NumberOfBackupJobs${state}`, dimensions };
}

/** In micro-dollars a day: the stage of developers has no budget, and an alarm of it has to be seen. */
export const PLATFORM_BUDGET = 50_000_000;

/** The backups of the day, one of each table: nothing here makes any, and their lack is an alarm. */
const BACKED_UP = [1, 2].map(() => ({ ...BACKUPS_COMPLETED, value: 1 }));

export interface StartedGame {
  readonly stack: LocalStack;
  close(): Promise<void>;
}

/** The template of stage dev (game-app.ts), with compressed time and what follows from it (docs/gameday.md). */
export async function startGame(): Promise<StartedGame> {
  const assembly = await synthesize({ stage: STAGE }, APP);
  try {
    return await start(assembly);
  } catch (error) {
    await assembly.remove();
    throw error;
  }
}

async function start(assembly: Assembly): Promise<StartedGame> {
  const { ringAfterSeconds, processor } = deployments[STAGE];
  const inGameTime = (seconds: number) => String(Math.max(1, Math.round(seconds / SPEED)));
  const stack = await startStack({
    assemblyDirectory: assembly.directory,
    port: 0,
    dataDirectory: undefined,
    dynamodbEndpoint: undefined,
    openAi: undefined,
    pace: compressedPace(SPEED),
    variables: {
      RING_AFTER_SECONDS: inGameTime(ringAfterSeconds),
      ANSWER_DEADLINE_SECONDS: inGameTime(processor.answerDeadlineSeconds),
      PLATFORM_BUDGET_PER_DAY: String(PLATFORM_BUDGET),
      PLATFORM_BUDGET_WARN_AT: '0.8',
    },
    onLog: ({ functionName, stream, text }) => {
      if (process.env['CONCIERGE_LOG']) console.error(`${functionName} ${stream} ${text}`);
    },
  });
  for (const stored of BACKED_UP) stack.cloud.cloudWatch.measure(stored);
  return {
    stack,
    close: async () => {
      await stack.close();
      await assembly.remove();
    },
  };
}
