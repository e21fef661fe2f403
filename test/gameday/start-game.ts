import { join } from 'node:path';
import { compressedPace } from '#local/cloudwatch/pace.ts';
import { type LocalStack, startStack } from '#local/stack.ts';
import { type Assembly, synthesize } from '#local/synthesize.ts';
import { deployments } from '../../bin/deployments.ts';

/** A stack on which a minute lasts half a second. */
const SPEED = 120;

const STAGE = 'dev';
const APP = join(import.meta.dirname, 'game-app.ts');

/** In micro-dollars a day: the stage of developers has no budget, and an alarm of it has to be seen. */
export const PLATFORM_BUDGET = 50_000_000;

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
  return {
    stack,
    close: async () => {
      await stack.close();
      await assembly.remove();
    },
  };
}
