/** A deployed function, as its template and its bundle define it. */
export interface FunctionDefinition {
  /** Its folder under lambdas/; faults, logs and people name it so. */
  readonly name: string;
  /** The name under which AWS would know it. */
  readonly physicalName: string;
  readonly arn: string;
  readonly logicalId: string;
  readonly roleLogicalId: string;
  /** Directory of the bundle. */
  readonly taskRoot: string;
  /** File and export, for example `index.handler`. */
  readonly handler: string;
  /** For example `nodejs24.x`. */
  readonly runtime: string;
  readonly region: string;
  readonly logGroupName: string;
  /** Exactly the variables of the template. */
  readonly variables: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /** Undefined where the function shares the account's concurrency. */
  readonly reservedConcurrency: number | undefined;
}

/**
 * What the cloud puts into an execution environment besides the function's own variables
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime).
 * The environment's id is its access key, by which the AWS front door knows whose role applies.
 */
export function reservedVariables(
  definition: FunctionDefinition,
  environmentId: string,
): Readonly<Record<string, string>> {
  const [moduleName = ''] = definition.handler.split('.');
  return {
    _HANDLER: definition.handler,
    LAMBDA_TASK_ROOT: definition.taskRoot,
    AWS_REGION: definition.region,
    AWS_DEFAULT_REGION: definition.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${definition.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: definition.physicalName,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: definition.logGroupName,
    AWS_LAMBDA_LOG_STREAM_NAME: `${moduleName}/[$LATEST]${environmentId}`,
    AWS_ACCESS_KEY_ID: environmentId,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
  };
}
