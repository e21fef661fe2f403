import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** What one function did, all its invocations together. */
const functionUse = z.object({
  invocations: z.number(),
  /** Of the process, without its start. */
  cpuMs: z.number(),
  writeUnits: z.number(),
  readUnits: z.number(),
  /** Without what the event source does: it receives and deletes once for an invocation. */
  sqsFifoRequests: z.number(),
  sqsRequests: z.number(),
  logBytes: z.number(),
  logLines: z.number(),
  /** How often it called which operation, such as `dynamodb:PutItem`. */
  calls: z.record(z.string(), z.number()),
});

const functions = z.record(z.string(), functionUse);

export type FunctionUse = z.infer<typeof functionUse>;

/** Of a function that did nothing. */
export const NO_USE: Readonly<Omit<FunctionUse, 'calls'>> = {
  invocations: 0,
  cpuMs: 0,
  writeUnits: 0,
  readUnits: 0,
  sqsFifoRequests: 0,
  sqsRequests: 0,
  logBytes: 0,
  logLines: 0,
};

const measured = z.object({
  /** When and on what. */
  measuredOn: z.iso.date(),
  command: z.string(),
  machine: z.string(),
  stage: z.string(),
  conversations: z.number(),
  turnsPerConversation: z.number(),
  /** By folder under lambdas/. */
  functions,
  /** What is kept of all conversations in the table and its indexes. */
  storedBytes: z.number(),
  /** Of messages that are a picture with a caption, until they are answered; nothing of their memory. */
  pictures: z.object({ count: z.number(), functions }),
  /** Metrics and the function that published each. */
  metrics: z.array(z.string()),
});

/** What conversations used on the local stack: `npm run cost:measure` writes it. */
export type Measured = z.infer<typeof measured>;

export const MEASURED_FILE = join(import.meta.dirname, 'measured.json');

export function readMeasured(): Measured {
  return measured.parse(JSON.parse(readFileSync(MEASURED_FILE, 'utf8')));
}
