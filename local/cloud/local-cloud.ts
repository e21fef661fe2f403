import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LocalUser } from '../aws/account-identities.ts';
import type { FrontDoorWatch } from '../aws/front-door-watch.ts';
import type { Callers } from '../callers.ts';
import type { CloudWatch } from '../cloudwatch/cloud-watch.ts';
import type { Pace } from '../cloudwatch/pace.ts';
import type { DynamoEngine } from '../dynamodb/dynamo-engine.ts';
import type { Faults } from '../faults.ts';
import type { Route } from '../http-api/routes.ts';
import type { KmsModel } from '../kms/kms-model.ts';
import type { InvocationEvent, InvokeOutcome, LogLine } from '../lambda/invocation.ts';
import type { LambdaFunction } from '../lambda/lambda-function.ts';
import type { MetricSums } from '../lambda/metric-sums.ts';
import type { ObjectStore } from '../s3/object-store.ts';
import type { SecretsModel } from '../secrets/secrets-model.ts';
import type { SnsModel } from '../sns/sns-model.ts';
import type { SqsModel } from '../sqs/sqs-model.ts';

export interface LocalCloudOptions {
  /** What `cdk synth` wrote. */
  readonly assemblyDirectory: string;
  /** Where tables, queues and secrets are kept between runs. @default in memory */
  readonly dataDirectory?: string | undefined;
  /** Another DynamoDB in place of the embedded engine. */
  readonly dynamodbEndpoint?: string | undefined;
  /** Where whoever called this serves `handleRequest`. @default nowhere */
  readonly apiUrl?: string | undefined;
  /** Processes at most for a function without reserved concurrency. @default twice the cores */
  readonly environments?: number | undefined;
  /** Hears once that many requests wait for a process. @default nobody */
  readonly onCrowd?: ((environments: number) => void) | undefined;
  readonly faults: Faults;
  readonly callers: Callers;
  /** Who else has credentials of the account. */
  readonly users: readonly LocalUser[];
  /** How fast time passes for schedules, metrics and alarms. @default as on the wall */
  readonly pace?: Pace | undefined;
  /** What a function finds besides the template's variables and the address of AWS. */
  extraEnvironment(functionName: string, environmentId: string): Readonly<Record<string, string>>;
  onLog(line: LogLine): void;
  onInvocation(event: InvocationEvent): void;
  /** @default nobody looks */
  readonly watch?: FrontDoorWatch | undefined;
}

/** The deployed application, on this machine. */
export interface LocalCloud {
  /** Where every AWS service answers. */
  readonly awsUrl: string;
  readonly region: string;
  /** What `cdk deploy` would print at its end. */
  readonly outputs: ReadonlyMap<string, string>;
  /** By folder under lambdas/; a function's resolved variables name tables, queues and secrets. */
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  readonly routes: readonly Route[];
  readonly sqs: SqsModel;
  readonly dynamodb: DynamoEngine;
  readonly secrets: SecretsModel;
  readonly kms: KmsModel;
  readonly sns: SnsModel;
  readonly s3: ObjectStore;
  readonly metrics: MetricSums;
  /** What was measured, and the alarms that watch it. */
  readonly cloudWatch: CloudWatch;
  /** Answers as the deployed API, also for what is no route of it. */
  handleRequest(request: IncomingMessage, response: ServerResponse): Promise<void>;
  invoke(functionName: string, payload: string): Promise<InvokeOutcome>;
  close(): Promise<void>;
}
