import { Duration } from 'aws-cdk-lib';
import { Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { IngestEnv } from '#lambdas/ingest/config.ts';
import { HouseAlarm } from '../alarms/house-alarm.ts';
import { percentAmong } from '../alarms/rates.ts';
import type { ChatQueue } from '../constructs/chat-queue.ts';
import type { EventsQueue } from '../constructs/events-queue.ts';
import { LiveAlias } from '../constructs/live-alias.ts';
import { type FunctionSurroundings, NodeLambda } from '../constructs/node-lambda.ts';
import type { Station } from '../dashboard/station.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import {
  allowSecrets,
  allowTableKey,
  onlyIn,
  onlyTheAttributes,
  partitions,
  secretsUnder,
} from './state-access.ts';

export interface IngestFunctionProps extends FunctionSurroundings {
  readonly state: StatefulStack;
  readonly chats: ChatQueue;
  readonly events: EventsQueue;
}

/**
 * Takes Meta's webhooks: verifies, stores, rings. For the app that all share it looks up no tenant and
 * reads no item; for a tenant's own it reads whose the app is and whose its numbers are.
 */
export class IngestFunction extends NodeLambda<IngestEnv> {
  /** What the API calls. */
  readonly live: LiveAlias;

  constructor(scope: Construct, id: string, props: IngestFunctionProps) {
    const { state, chats, events } = props;
    super(scope, id, props, {
      folder: 'ingest',
      description: 'Verifies webhooks, stores messages, rings the chat queue',
      environment: {
        CONVERSATIONS_TABLE: state.conversations.tableName,
        CHAT_QUEUE_URL: chats.queue.queueUrl,
        EVENTS_QUEUE_URL: events.queue.queueUrl,
        PLATFORM_SECRET_ARN: state.platformSecret.secretArn,
        TENANTS_TABLE: state.tenants.tableName,
        APP_SECRET_PREFIX: state.appSecretPrefix,
      },
      timeout: Duration.seconds(10),
      memoryMb: 512,
      // Meta waits for this one, and its code is short enough to read a minified stack.
      sourceMap: false,
      alarm: {
        impact: 'Webhooks are refused; Meta sends them again later, so answers are late.',
        through: 'webhooks-refused',
        nearItsLimits: { through: 'webhooks-unsteady' },
      },
    });
    this.allowIf(onlyIn(partitions.chats), ['dynamodb:PutItem'], state.conversations.tableArn);
    // Which messages are there already, as a put on a condition would tell one by one; nothing of what they say.
    this.allowIf(
      onlyTheAttributes(['pk', 'sk'], partitions.chats),
      ['dynamodb:BatchGetItem'],
      state.conversations.tableArn,
    );
    this.allowIf(
      onlyIn(partitions.apps, partitions.routes),
      ['dynamodb:GetItem'],
      state.tenants.tableArn,
    );
    this.allow(['sqs:SendMessage'], chats.queue.queueArn, events.queue.queueArn);
    const ownApps = secretsUnder(this, state.appSecretPrefix, {
      reason:
        'One secret per own app of a tenant, put by the operator: the stack knows their prefix only.',
    });
    allowSecrets(this, state.key, state.platformSecret.secretArn, ownApps);
    allowTableKey(this, state.key, state.tenants, state.conversations);
    this.live = new LiveAlias(this, 'Live', {
      lambda: this.lambda,
      folder: 'ingest',
      topics: props.topics,
    });
    new HouseAlarm(this, 'MessagesUnbound', {
      topics: props.topics,
      name: 'messages-unbound',
      impact:
        "A tenant's own Meta app brings messages of a number that is not bound to the tenant.",
      severity: 'medium',
      metric: this.metric('MessagesUnbound', {
        period: Duration.minutes(5),
        statistic: Stats.SUM,
      }),
      above: 0,
      missingData: TreatMissingData.NOT_BREACHING,
    });
    this.#watchSignatures();
  }

  /**
   * Anybody may send what is not signed. When it is most of what comes, for ten minutes, either our app secret
   * is not Meta's, and everything that customers write is refused, or somebody floods us.
   */
  #watchSignatures(): void {
    const period = Duration.minutes(5);
    new HouseAlarm(this, 'SignaturesRejected', {
      name: 'signatures-rejected',
      impact: 'Most webhooks have a signature that is not by our app secret, and are refused.',
      through: 'webhooks-refused',
      metric: percentAmong(
        {
          bad: this.metric('SignaturesRejected', { period, statistic: Stats.SUM }),
          all: this.lambda.metricInvocations({ period, statistic: Stats.SUM }),
        },
        { atLeast: 20, period, label: '% of requests with a wrong signature' },
      ),
      above: 50,
      periods: { bad: 2, of: 3 },
      missingData: TreatMissingData.NOT_BREACHING,
    });
  }

  override get station(): Station {
    const { rate, failures, ...station } = super.station;
    return {
      ...station,
      rate: [
        ...rate,
        this.counted('MessagesAccepted', 'messages'),
        this.counted('MessagesDuplicate', 'duplicates'),
        this.counted('EventsAccepted', 'events'),
      ],
      failures: [
        ...failures,
        this.counted('SignaturesRejected', 'signatures'),
        this.counted('WebhooksNotTaken', 'not taken'),
        this.counted('MessagesUnbound', 'unbound'),
      ],
    };
  }
}
