import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { InvocationEvent } from '#local/lambda/invocation.ts';
import { startStack } from '#local/stack.ts';
import { type Assembly, synthesize } from '#local/synthesize.ts';
import { planningFor, USUAL_WISH } from '../planning.ts';
import { playOnModel } from './on-model.ts';
import { StackTrials } from './on-stack.ts';
import { PROCESSORS, TRIALS, type Trial } from './scenarios.ts';
import { makeSmall } from './small-template.ts';
import { VALIDATED_FILE, type Validation } from './validated.ts';

/**
 * Plays the same customers on the real bundles of the local stack and on the model: the same times of
 * arrival, the same time of the language model for each message, as many processors and chats to a batch.
 */
export async function validateLocally(say: (line: string) => void): Promise<Validation> {
  const assembly = await synthesize({ stage: 'dev' });
  try {
    const planning = planningFor(USUAL_WISH);
    const rows: Validation['rows'] = [];
    let alone: Validation['alone'] | undefined;
    for (const batchSize of new Set(TRIALS.map((trial) => trial.batchSize))) {
      const trials = TRIALS.filter((trial) => trial.batchSize === batchSize);
      say(`The local stack, ${PROCESSORS} processors, ${batchSize} chats to a batch`);
      const played = await playOnStack(assembly, batchSize, trials, say);
      // Measured once: the machine stays the same.
      alone ??= played.alone;
      for (const [index, trial] of trials.entries()) {
        const stack = played.outcomes[index];
        if (!stack) continue;
        const { name, arrivals } = trial;
        const model = playOnModel(trial, planning, alone);
        rows.push({
          name,
          processors: PROCESSORS,
          batchSize,
          messages: arrivals.length,
          stack,
          model,
        });
      }
    }
    const validation = {
      validatedOn: new Date().toISOString().slice(0, 10),
      machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`,
      alone: alone ?? { ingest: 0, cpu: 0, calls: 0 },
      rows,
    };
    writeFileSync(VALIDATED_FILE, `${JSON.stringify(validation, undefined, 2)}\n`);
    return validation;
  } finally {
    await assembly.remove();
  }
}

async function playOnStack(
  assembly: Assembly,
  batchSize: number,
  trials: readonly Trial[],
  say: (line: string) => void,
) {
  makeSmall(assembly, { processors: PROCESSORS, batchSize });
  const invocations: InvocationEvent[] = [];
  const stack = await startStack({
    assemblyDirectory: assembly.directory,
    port: 0,
    dataDirectory: undefined,
    dynamodbEndpoint: undefined,
    openAi: undefined,
    onLog: () => undefined,
    onInvocation: (event) => invocations.push(event),
  });
  try {
    const customers = new StackTrials(stack, invocations);
    await customers.warmUp();
    const alone = await customers.alone();
    const outcomes = [];
    for (const trial of trials) {
      say(`  ${trial.name}: ${trial.arrivals.length} messages`);
      outcomes.push(await customers.play(trial));
    }
    return { alone, outcomes };
  } finally {
    await stack.close();
  }
}
