import type { Deployed } from './deployed.ts';
import type { Measured } from './measured.ts';

/** Memory at which Lambda gives a function one processor; less memory has its share of it. */
const MB_PER_PROCESSOR = 1_769;
/** What a call of an AWS service takes on the way, as AWS says of its own network. An assumption. */
const CALL_SECONDS = 0.006;
const MB_PER_GB = 1_024;

/** What an invocation of a function takes, beside waiting for a peer outside AWS. */
export interface FunctionTime {
  readonly gb: number;
  readonly seconds: number;
  /** Of these, the processor's: what a batch works side by side comes one after the other here. */
  readonly cpuSeconds: number;
}

/**
 * By the CPU time that was measured, stretched to the share of a processor that the function has, and the
 * calls it makes, as if one came after the other. The processor of Lambda may be slower or faster than the
 * machine that measured.
 */
export function timeOf(folder: string, { functions }: Deployed, measured: Measured): FunctionTime {
  const deployed = functions.get(folder);
  const use = measured.functions[folder];
  if (!deployed) throw new RangeError(`The template has no function ${folder}`);
  const gb = deployed.memoryMb / MB_PER_GB;
  // What was not measured is taken to run for as long as it may.
  if (!use || use.invocations === 0) {
    return { gb, seconds: deployed.timeoutSeconds, cpuSeconds: deployed.timeoutSeconds };
  }
  const share = Math.min(1, deployed.memoryMb / MB_PER_PROCESSOR);
  const calls = Object.values(use.calls).reduce((sum, each) => sum + each, 0);
  const cpuSeconds = use.cpuMs / 1_000 / share / use.invocations;
  return { gb, cpuSeconds, seconds: cpuSeconds + (calls * CALL_SECONDS) / use.invocations };
}
