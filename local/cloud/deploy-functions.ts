import type { FunctionDefinition } from '../lambda/function-definition.ts';
import { type LambdaDeps, LambdaFunction } from '../lambda/lambda-function.ts';
import { type FunctionName, find, functionNames } from './function-names.ts';
import type { Properties } from './properties.ts';
import type { Stack } from './stack.ts';
import { TemplateError } from './template-error.ts';
import type { TemplateRoles } from './template-roles.ts';

/** What somebody calls: a function, by the name that they call it. */
interface Called {
  readonly name: FunctionName;
  readonly lambda: LambdaFunction;
}

/** The functions of all stacks, by every name that something in a template calls them. */
export class DeployedFunctions {
  /** By folder under lambdas/. */
  readonly byName: ReadonlyMap<string, LambdaFunction>;
  readonly #names: readonly FunctionName[];

  constructor(functions: readonly LambdaFunction[], names: readonly FunctionName[]) {
    this.byName = new Map(functions.map((each) => [each.definition.name, each]));
    this.#names = names;
  }

  /** @throws TemplateError where no function, version or alias of the template has this name or ARN */
  named(nameOrArn: string, askedBy: string): Called {
    const name = find(this.#names, nameOrArn, askedBy);
    const lambda = this.byName.get(name.definition.name);
    if (!lambda) throw new TemplateError(askedBy, `the function ${nameOrArn} is not brought up`);
    return { name, lambda };
  }

  async close(): Promise<void> {
    await Promise.all([...this.byName.values()].map((each) => each.close()));
  }
}

/** Prepares the functions; a process is started when the first event comes. */
export function deployFunctions(
  stacks: readonly Stack[],
  roles: TemplateRoles,
  region: string,
  deps: LambdaDeps,
): DeployedFunctions {
  const definitions = stacks.flatMap((stack) =>
    stack.resources('AWS::Lambda::Function').map(({ logicalId, ...resource }) => {
      const properties = stack.properties({ logicalId, ...resource });
      return functionDefinition(properties, stack, roles, region);
    }),
  );
  for (const { name, logicalId } of definitions) {
    const twin = definitions.find((each) => each.name === name && each.logicalId !== logicalId);
    if (twin) throw new TemplateError(logicalId, `${twin.logicalId} is called ${name} as well`);
  }
  return new DeployedFunctions(
    definitions.map((each) => new LambdaFunction(each, deps)),
    functionNames(stacks, definitions),
  );
}

/** The last of these change nothing of what a handler sees. */
const KNOWN = [
  'Code',
  'Environment',
  'FunctionName',
  'Handler',
  'LoggingConfig',
  'MemorySize',
  'ReservedConcurrentExecutions',
  'Role',
  'Runtime',
  'Timeout',
  'Architectures',
  'Description',
  'Tags',
  'TracingConfig',
];

function functionDefinition(
  properties: Properties,
  stack: Stack,
  roles: TemplateRoles,
  region: string,
): FunctionDefinition {
  properties.allowOnly(KNOWN);
  const { logicalId } = properties;
  const { ref, attributes } = stack.identityOf(logicalId);
  const variables = properties.optionalObject('Environment')?.optionalObject('Variables');
  const name = variables?.optionalText('POWERTOOLS_SERVICE_NAME');
  if (!variables || name === undefined) {
    throw new TemplateError(logicalId, 'name its folder in the variable POWERTOOLS_SERVICE_NAME');
  }
  return {
    name,
    physicalName: ref,
    arn: attributes['Arn'] ?? '',
    logicalId,
    roleLogicalId: roles.logicalIdOf(properties.text('Role'), logicalId),
    taskRoot: bundleOf(properties, stack),
    handler: properties.text('Handler'),
    runtime: nodeRuntime(properties),
    region,
    logGroupName:
      properties.optionalObject('LoggingConfig')?.optionalText('LogGroup') ?? `/aws/lambda/${ref}`,
    variables: Object.fromEntries(
      Object.keys(variables.raw).map((key) => [key, variables.text(key)]),
    ),
    timeoutSeconds: properties.optionalNumber('Timeout') ?? 3,
    memoryMb: properties.optionalNumber('MemorySize') ?? 128,
    reservedConcurrency: properties.optionalNumber('ReservedConcurrentExecutions'),
  };
}

function bundleOf(properties: Properties, stack: Stack): string {
  const key = properties.object('Code').optionalText('S3Key');
  const directory = key === undefined ? undefined : stack.assets.get(key);
  if (directory === undefined) {
    throw new TemplateError(properties.logicalId, 'its code is not a bundle of the assembly');
  }
  return directory;
}

function nodeRuntime(properties: Properties): string {
  const runtime = properties.text('Runtime');
  if (runtime.startsWith('nodejs')) return runtime;
  throw new TemplateError(properties.logicalId, `the runtime ${runtime} is unknown here`);
}
