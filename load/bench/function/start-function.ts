import type { FunctionDefinition } from '../../../local/lambda/function-definition.ts';
import type { Scene } from '../scene.ts';
import { BenchError } from './bench-error.ts';
import { FunctionProcess } from './function-process.ts';

/** @throws BenchError for what the template has not */
export function functionOf({ standIns }: Scene, name: string): FunctionDefinition {
  const found = standIns.functions.get(name);
  if (!found) throw new BenchError(`The stage has no function ${name}`);
  return found;
}

/** A fresh environment of a function, or of a floor in its place. */
export function startFunction(
  { standIns, runtime }: Scene,
  definition: FunctionDefinition,
): Promise<FunctionProcess> {
  return FunctionProcess.start({ definition, peersUrl: standIns.url, runtime });
}
