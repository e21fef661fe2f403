import { type Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Metric, type MetricProps, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import {
  type Conditions,
  Policy,
  PolicyStatement,
  type PolicyStatementProps,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { AlarmTopics } from '../alarms/alarm-topics.ts';
import { type FunctionAlarm, FunctionAlarms } from '../alarms/function-alarms.ts';
import { metricNamespaceOf, type StageConfig } from '../config/stages.ts';
import { type BilledFunction, stationOfFunction } from '../dashboard/function-station.ts';
import { type Station, stationPeriod } from '../dashboard/station.ts';
import type { FunctionBundles } from './function-bundles.ts';

/** Gives a metric that a function's own code publishes (src/app/ports/metrics.ts). */
export type OwnMetric = (
  metricName: string,
  how: Required<Pick<MetricProps, 'period' | 'statistic'>> & Pick<MetricProps, 'label'>,
) => Metric;

/** What every function of a stage shares. */
export interface FunctionSurroundings {
  readonly config: StageConfig;
  readonly bundles: FunctionBundles;
  readonly topics: AlarmTopics;
}

export interface NodeLambdaProps<Env extends Readonly<Record<string, string>>> {
  /** Under lambdas/; also the service name in logs and metrics. */
  readonly folder: string;
  readonly description: string;
  /** Typed by the function's own config.ts: a forgotten variable does not compile. */
  readonly environment: Env;
  readonly timeout: Duration;
  readonly memoryMb: number;
  /** Lies beside the bundle for `mapStacks`, which the handler has to call. */
  readonly sourceMap: boolean;
  /** @default - none; shares the account's concurrency */
  readonly reservedConcurrency?: number;
  /**
   * Tells when the function fails, is throttled or comes near its timeout for minutes.
   * @default - none: of what is called too seldom for that, and missed by another alarm when it fails
   */
  readonly alarm?: FunctionAlarm;
}

/** What can be given permissions. */
export interface Granted extends Construct {
  allow(actions: readonly string[], ...resources: readonly string[]): void;
  allowIf(
    conditions: Conditions,
    actions: readonly string[],
    ...resources: readonly string[]
  ): void;
}

/**
 * House function: Node 24 on arm64, one ESM bundle, its own log group, and a role that may do
 * nothing but write there until `allow` is called.
 */
export class NodeLambda<Env extends Readonly<Record<string, string>>>
  extends Construct
  implements Granted
{
  readonly lambda: LambdaFunction;
  /** Where it writes its lines; EMF metrics are read from here. */
  readonly logGroup: LogGroup;
  readonly #role: Role;
  readonly #service: string;
  readonly #metricNamespace: string;
  readonly #memoryMb: number;

  constructor(
    scope: Construct,
    id: string,
    { config, bundles, topics }: FunctionSurroundings,
    props: NodeLambdaProps<Env>,
  ) {
    super(scope, id);
    this.#service = props.folder;
    this.#metricNamespace = metricNamespaceOf(config.stage);
    this.#memoryMb = props.memoryMb;
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: config.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // Not AWSLambdaBasicExecutionRole, which may write into every log group of the account.
    this.#role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `What ${props.folder} may do`,
    });
    this.allow(['logs:CreateLogStream', 'logs:PutLogEvents'], this.logGroup.logGroupArn);
    this.lambda = new LambdaFunction(this, 'Function', {
      description: props.description,
      // Pinned: NODEJS_LATEST moves with the CDK version.
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: bundles.codeOf(props.folder, { sourceMap: props.sourceMap }),
      handler: 'handler.handler',
      role: this.#role,
      logGroup: this.logGroup,
      timeout: props.timeout,
      memorySize: props.memoryMb,
      tracing: Tracing.ACTIVE,
      environment: {
        ...props.environment,
        POWERTOOLS_SERVICE_NAME: props.folder,
        POWERTOOLS_METRICS_NAMESPACE: this.#metricNamespace,
        POWERTOOLS_LOG_LEVEL: config.logLevel,
      },
      ...(props.reservedConcurrency !== undefined && {
        reservedConcurrentExecutions: props.reservedConcurrency,
      }),
      // Former versions stay, for the alias to go back to; that of a deployment that failed does not, since
      // Lambda would refuse to make it again.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE },
    });
    Validations.of(this.#role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'X-Ray has no resources: PutTraceSegments and PutTelemetryRecords work on * only.',
    });
    Validations.of(this.lambda).acknowledge({
      id: 'Serverless-LambdaDLQ',
      reason:
        'The API and the queues wait for the answer and see the failure themselves; what runs on a schedule runs again.',
    });
    const { alarm } = props;
    if (alarm) new FunctionAlarms(this, { ...props, alarm, topics, lambda: this.lambda });
  }

  /** Adds to the role exactly these actions on exactly these resources. */
  allow(actions: readonly string[], ...resources: readonly string[]): void {
    this.allowIf({}, actions, ...resources);
  }

  /** As `allow`, for calls that meet the conditions only. */
  allowIf(
    conditions: Conditions,
    actions: readonly string[],
    ...resources: readonly string[]
  ): void {
    this.#role.addToPolicy(
      new PolicyStatement({ conditions, actions: [...actions], resources: [...resources] }),
    );
  }

  /**
   * Adds to the role a policy of its own, for a grant that another may take the place of: at a
   * deployment CloudFormation makes the new policy before the function changes, and deletes the former
   * one after everything else.
   */
  allowApart(id: string, ...statements: readonly PolicyStatementProps[]): void {
    const policy = new Policy(this, id, { roles: [this.#role] });
    policy.addStatements(...statements.map((each) => new PolicyStatement(each)));
    this.lambda.node.addDependency(policy);
  }

  /** One of this function's own metrics. */
  readonly metric: OwnMetric = (metricName, how) =>
    new Metric({
      namespace: this.#metricNamespace,
      metricName,
      dimensionsMap: { service: this.#service },
      ...how,
    });

  /** As the dashboard shows it; a function that publishes metrics of its own adds them. */
  get station(): Station {
    return stationOfFunction(this.#service, this.lambda);
  }

  /** A minute's sum of one of its own metrics, for its station. */
  protected counted(metricName: string, label: string): Metric {
    return this.metric(metricName, { period: stationPeriod, statistic: Stats.SUM, label });
  }

  /** By what AWS sees it. */
  get billed(): BilledFunction {
    const { lambda, logGroup } = this;
    return { label: this.#service, lambda, logGroup, memoryMb: this.#memoryMb };
  }
}
