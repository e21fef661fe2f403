import { Duration, Validations } from 'aws-cdk-lib';
import { Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Construct, IDependable } from 'constructs';
import type { CanaryEnv } from '#lambdas/canary/config.ts';
import type { CanaryConfig } from '../config/stages.ts';
import { HouseAlarm } from '../constructs/house-alarm.ts';
import { type FunctionSurroundings, NodeLambda } from '../constructs/node-lambda.ts';
import { percentiles, type Station } from '../dashboard/station.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import { allowSecrets, allowTableKey, onlyIn, partitions } from './state-access.ts';

export interface CanaryFunctionProps extends FunctionSurroundings {
  readonly state: StatefulStack;
  readonly canary: CanaryConfig;
  readonly webhookUrl: string;
  /** What its message passes; a release that knows no canary would park it. */
  readonly passes: readonly IDependable[];
}

/** Writes to our own webhook as a customer who does not exist, and sees whether it is answered. */
export class CanaryFunction extends NodeLambda<CanaryEnv> {
  constructor(scope: Construct, id: string, props: CanaryFunctionProps) {
    const { state, canary, webhookUrl } = props;
    const { clientCertificateSecretArn: certificate } = canary;
    super(scope, id, props, {
      folder: 'canary',
      description: 'Sends a signed message through the real route and sees it answered',
      environment: {
        CONVERSATIONS_TABLE: state.conversations.tableName,
        PLATFORM_SECRET_ARN: state.platformSecret.secretArn,
        WEBHOOK_URL: webhookUrl,
        CLIENT_CERTIFICATE_SECRET_ARN: certificate ?? 'none',
      },
      // A little longer than the canary waits (src/app/run-canary.ts), and ends before the next.
      timeout: Duration.seconds(59),
      memoryMb: 256,
      sourceMap: true,
      // Called once in minutes, it would never fail in three of five. One that fails says nothing, and that
      // is what `canary-failed` takes for a failure.
    });
    // Of what is said in chats it reads its own and nobody else's.
    this.allowIf(onlyIn(partitions.canary), ['dynamodb:Query'], state.conversations.tableArn);
    allowSecrets(this, state.key, state.platformSecret.secretArn);
    // Not one of ours: it lies under the key that AWS has for secrets, which needs no permission.
    if (certificate) this.allow(['secretsmanager:GetSecretValue'], certificate);
    allowTableKey(this, state.key, state.conversations);
    this.#runEvery(canary, props.passes);
    this.#watch(canary);
  }

  #runEvery({ everyMinutes }: CanaryConfig, passes: readonly IDependable[]): void {
    // A check that failed to start is seen by its absence.
    this.lambda.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    const schedule = new Rule(this, 'Schedule', {
      schedule: Schedule.rate(Duration.minutes(everyMinutes)),
      targets: [new LambdaTarget(this.lambda)],
    });
    schedule.node.addDependency(...passes);
    const reason = 'An alarm tells of checks that did not take place.';
    Validations.of(schedule).acknowledge({ id: 'Serverless-EventBusDLQ', reason });
    Validations.of(this.lambda).acknowledge({
      id: 'Serverless-LambdaAsyncFailureDestination',
      reason,
    });
  }

  #watch({ everyMinutes }: CanaryConfig): void {
    new HouseAlarm(this, 'Failed', {
      name: 'canary-failed',
      impact:
        'Customers who write now are probably not answered; or nobody checks whether they are.',
      // What breaks it shows at other places as well, but at night.
      through: 'canary-unanswered',
      metric: this.metric('CanaryFailures', {
        // Two checks: windows of one, which begin at any minute, would at times hold none and then two.
        period: Duration.minutes(2 * everyMinutes),
        statistic: Stats.SUM,
      }),
      above: 0,
      // One failure alone is in one window. Not of three: of a stage that is new two of them would be empty
      // after its first check, and page for it.
      periods: { bad: 2, of: 2 },
      // Published by each check, zero included.
      missingData: TreatMissingData.BREACHING,
    });
  }

  override get station(): Station {
    const { failures, ...station } = super.station;
    return {
      ...station,
      rate: [this.counted('CanaryRuns', 'checks')],
      waiting: {
        time: percentiles(({ label, ...how }) =>
          this.metric('CanaryTime', { ...how, label: `until answered, ms ${label}` }),
        ),
      },
      failures: [...failures, this.counted('CanaryFailures', 'unanswered')],
    };
  }
}
