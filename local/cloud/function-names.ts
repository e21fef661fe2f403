import type { FunctionDefinition } from '../lambda/function-definition.ts';
import type { Stack } from './stack.ts';
import { TemplateError } from './template-error.ts';

/** One name under which a function is called: its own, a version's or an alias's. */
export interface FunctionName {
  readonly arn: string;
  /** As in the ARN: the function's name, and after a colon the version or alias. */
  readonly physicalName: string;
  readonly definition: FunctionDefinition;
}

type Named = Pick<FunctionDefinition, 'arn' | 'physicalName'>;

/**
 * Every name of the template's functions. A permission for one of them is none for the others, as in the
 * cloud.
 * @throws TemplateError for a version of no function, and for an alias of no version
 */
export function functionNames(
  stacks: readonly Stack[],
  definitions: readonly FunctionDefinition[],
): readonly FunctionName[] {
  const functions = definitions.map((definition) => nameOf(definition, definition));
  const versions = stacks.flatMap((stack) =>
    stack.resources('AWS::Lambda::Version').map((resource) => {
      const version = stack.properties(resource);
      version.allowOnly(['Description', 'FunctionName']);
      const of = find(functions, version.text('FunctionName'), version.logicalId);
      return qualified(of, stack.identityOf(version.logicalId).attributes['Version']);
    }),
  );
  const aliases = stacks.flatMap((stack) =>
    stack.resources('AWS::Lambda::Alias').map((resource) => {
      const alias = stack.properties(resource);
      alias.allowOnly(['Description', 'FunctionName', 'FunctionVersion', 'Name']);
      const of = find(functions, alias.text('FunctionName'), alias.logicalId);
      find(versions, `${of.physicalName}:${alias.text('FunctionVersion')}`, alias.logicalId);
      return qualified(of, alias.text('Name'));
    }),
  );
  return [...functions, ...versions, ...aliases];
}

/** @throws TemplateError where no function of the template has this name or ARN */
export function find(
  names: readonly FunctionName[],
  nameOrArn: string,
  askedBy: string,
): FunctionName {
  const found = names.find((each) => each.arn === nameOrArn || each.physicalName === nameOrArn);
  if (found) return found;
  throw new TemplateError(askedBy, `the function ${nameOrArn} is not in the template`);
}

function qualified({ arn, physicalName, definition }: FunctionName, qualifier = ''): FunctionName {
  const named = { arn: `${arn}:${qualifier}`, physicalName: `${physicalName}:${qualifier}` };
  return nameOf(named, definition);
}

function nameOf({ arn, physicalName }: Named, definition: FunctionDefinition): FunctionName {
  return { arn, physicalName, definition };
}
