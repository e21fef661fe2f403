import type { Stack } from './stack.ts';

interface Permission {
  /** ARN or name of the function. */
  readonly functionName: string;
  readonly principal: string;
  /** May hold `*`; undefined allows every source of the principal. */
  readonly sourceArn: string | undefined;
}

/** Which AWS service may call which function, by the template's AWS::Lambda::Permission resources. */
export class InvokePermissions {
  readonly #permissions: readonly Permission[];

  constructor(stacks: readonly Stack[]) {
    this.#permissions = stacks.flatMap((stack) =>
      stack.resources('AWS::Lambda::Permission').map((resource) => {
        const properties = stack.properties(resource);
        return {
          functionName: properties.text('FunctionName'),
          principal: properties.text('Principal'),
          sourceArn: properties.optionalText('SourceArn'),
        };
      }),
    );
  }

  allow(
    lambda: { readonly arn: string; readonly physicalName: string },
    principal: string,
    sourceArn: string,
  ): boolean {
    return this.#permissions.some(
      (each) =>
        (each.functionName === lambda.arn || each.functionName === lambda.physicalName) &&
        each.principal === principal &&
        (each.sourceArn === undefined || matches(each.sourceArn, sourceArn)),
    );
  }
}

function matches(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[\\^$.+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(text);
}
