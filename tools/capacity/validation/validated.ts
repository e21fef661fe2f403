import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const outcome = z.object({
  /** Answered between the first message and the last answer. */
  messagesASecond: z.number(),
  /** From a message to its answer, in seconds. */
  meanSeconds: z.number(),
  p95Seconds: z.number(),
  /** From the last message until all are answered. */
  drainSeconds: z.number(),
});

const validation = z.object({
  validatedOn: z.iso.date(),
  machine: z.string(),
  /** What a turn took alone, by which the model was told what this machine is like. */
  alone: z.object({ ingest: z.number(), cpu: z.number(), calls: z.number() }),
  rows: z.array(
    z.object({
      name: z.string(),
      processors: z.number(),
      batchSize: z.number(),
      messages: z.number(),
      stack: outcome,
      model: outcome,
    }),
  ),
});

export type Outcome = z.infer<typeof outcome>;

/** How far the model and the local stack are apart: `npm run capacity -- --validate` writes it. */
export type Validation = z.infer<typeof validation>;

export const VALIDATED_FILE = join(import.meta.dirname, 'validated.json');

export function readValidation(): Validation {
  return validation.parse(JSON.parse(readFileSync(VALIDATED_FILE, 'utf8')));
}
