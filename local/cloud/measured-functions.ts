import type { MeasuredFunction } from '../cloudwatch/platform-metrics.ts';
import type { DeployedFunctions } from './deploy-functions.ts';
import type { Stack } from './stack.ts';

/** By folder under lambdas/, the names under which CloudWatch keeps each function's metrics. */
export function measuredFunctions(
  stacks: readonly Stack[],
  functions: DeployedFunctions,
): ReadonlyMap<string, MeasuredFunction> {
  const aliases = stacks.flatMap((stack) =>
    stack.resources('AWS::Lambda::Alias').map((resource) => {
      const alias = stack.properties(resource);
      const { definition } = functions.named(alias.text('FunctionName'), alias.logicalId);
      return { of: definition.name, name: alias.text('Name') };
    }),
  );
  return new Map(
    [...functions.byName.values()].map(({ definition: { name, physicalName } }) => [
      name,
      {
        physicalName,
        aliases: aliases.filter(({ of }) => of === name).map((alias) => alias.name),
      },
    ]),
  );
}
