import { Duration } from 'aws-cdk-lib';
import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import {
  Alias,
  type IFunction,
  type IVersion,
  type Function as LambdaFunction,
  type Version,
} from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { AlarmTopics } from '../alarms/alarm-topics.ts';
import { HouseAlarm } from '../alarms/house-alarm.ts';

export interface LiveAliasProps {
  readonly lambda: LambdaFunction;
  /** Its folder under lambdas/. */
  readonly folder: string;
  readonly topics: AlarmTopics;
}

/**
 * The name by which everybody calls a function: what it points at is what customers meet, and a
 * release is nothing but moving it. `$LATEST` is called by nobody.
 */
export class LiveAlias extends Construct {
  readonly alias: Alias;
  /** The same, for what calls a function. */
  readonly target: IFunction;
  /** Goes off when the version that is being released fails; says nothing about the one before. */
  readonly newVersionErrors: HouseAlarm;

  constructor(scope: Construct, id: string, { lambda, folder, topics }: LiveAliasProps) {
    super(scope, id);
    const version = lambda.currentVersion;
    this.alias = new Alias(this, 'Alias', { aliasName: 'live', version: asInterface(version) });
    this.target = asInterface(this.alias);
    this.newVersionErrors = new HouseAlarm(this, 'NewVersionErrors', {
      topics,
      name: `${folder}-new-version-errors`,
      impact: 'The newest release fails where the one before it did not: it is being taken back.',
      severity: 'medium',
      runbook: 'release-rolled-back',
      metric: lambda.metricErrors({
        period: Duration.minutes(1),
        dimensionsMap: {
          FunctionName: lambda.functionName,
          Resource: `${lambda.functionName}:live`,
          ExecutedVersion: version.version,
        },
      }),
      above: 0,
      // Quick enough for a canary of five minutes; a single failed try is retried.
      periods: { bad: 2, of: 3 },
      missingData: TreatMissingData.NOT_BREACHING,
    });
  }
}

/**
 * The CDK's classes have `role: IRole | undefined` where its interfaces have `role?: IRole`: one thing at
 * runtime, and two for a compiler that tells "undefined" from "not there".
 */
function asInterface(version: Version): IVersion;
function asInterface(alias: Alias): IFunction;
function asInterface(construct: unknown): unknown {
  return construct;
}
