import type { CloudWatch } from '../cloudwatch/cloud-watch.ts';
import type { MeasuredFunction } from '../cloudwatch/platform-metrics.ts';
import { readEmf } from '../cloudwatch/read-emf.ts';
import type { InvocationEvent, LogLine } from '../lambda/invocation.ts';
import type { MetricSums } from '../lambda/metric-sums.ts';
import type { DeployedFunctions } from './deploy-functions.ts';
import type { Stack } from './stack.ts';

interface Ears {
  readonly cloudWatch: CloudWatch;
  readonly sums: MetricSums;
}

/** Measures what the functions write and how their invocations go. */
export class MeasuredFunctions {
  readonly #ears: Ears;
  #named: ReadonlyMap<string, MeasuredFunction> = new Map();
  #functions: DeployedFunctions | undefined;

  constructor(ears: Ears) {
    this.#ears = ears;
  }

  /** Before the first of them is invoked. */
  name(stacks: readonly Stack[], functions: DeployedFunctions): void {
    this.#functions = functions;
    this.#named = namesOf(stacks, functions);
  }

  hearLine({ functionName, stream, text }: LogLine): void {
    const emf = stream === 'stdout' ? readEmf(text) : undefined;
    if (!emf) return;
    this.#ears.sums.add(emf);
    const definition = this.#functions?.byName.get(functionName)?.definition;
    this.#ears.cloudWatch.hearEmf(emf, definition?.logGroupName ?? '');
  }

  hearInvocation(event: InvocationEvent): void {
    const named = this.#named.get(event.functionName);
    if (named) this.#ears.cloudWatch.hearInvocation(event, named);
  }
}

/** By folder under lambdas/, the names under which CloudWatch keeps each function's metrics. */
function namesOf(
  stacks: readonly Stack[],
  functions: DeployedFunctions,
): ReadonlyMap<string, MeasuredFunction> {
  const aliases = stacks.flatMap((stack) =>
    stack.resources('AWS::Lambda::Alias').map((resource) => {
      const alias = stack.properties(resource);
      const { definition } = functions.named(alias.text('FunctionName'), alias.logicalId).lambda;
      const version = alias.text('FunctionVersion');
      return { of: definition.name, name: alias.text('Name'), version };
    }),
  );
  return new Map(
    [...functions.byName.values()].map(({ definition: { name, physicalName } }) => [
      name,
      {
        physicalName,
        aliases: aliases.filter(({ of }) => of === name),
      },
    ]),
  );
}
