import type { StageTemplates } from './template.ts';

/** One statement of a function's role. */
export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** A deployed function with the properties of its template, by its folder under lambdas/. */
export interface DeployedFunction {
  readonly logicalId: string;
  readonly folder: string;
  // biome-ignore lint/suspicious/noExplicitAny: the template's properties, as assertions see them
  readonly properties: any;
}

/** All functions of a stage, by folder. */
export function functionsOf({ service }: StageTemplates): ReadonlyMap<string, DeployedFunction> {
  const functions = Object.entries(service.findResources('AWS::Lambda::Function'));
  return new Map(
    functions.map(([logicalId, { Properties: properties }]) => {
      const folder: string = properties.Environment.Variables.POWERTOOLS_SERVICE_NAME;
      return [folder, { logicalId, folder, properties }];
    }),
  );
}

/** Everything that the function's role may do. */
export function statementsOf(
  { service }: StageTemplates,
  { properties }: DeployedFunction,
): readonly Statement[] {
  const role: string = properties.Role['Fn::GetAtt'][0];
  const policies = Object.values(service.findResources('AWS::IAM::Policy'));
  return policies
    .filter(({ Properties }) => Properties.Roles.some((each: { Ref: string }) => each.Ref === role))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}
