import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { AlarmTopics } from '../alarms/alarm-topics.ts';
import { BlindSpots } from '../alarms/blind-spots.ts';
import { HouseIncidents } from '../alarms/house-incidents.ts';
import { BackupAlarms } from '../backups/backup-alarms.ts';
import { vaultNameOf } from '../backups/table-backups.ts';
import { processorTimeoutSeconds, type StageConfig } from '../config/stages.ts';
import { BusinessApi } from '../constructs/business-api.ts';
import { ChatQueue } from '../constructs/chat-queue.ts';
import { EventsQueue } from '../constructs/events-queue.ts';
import { FunctionBundles } from '../constructs/function-bundles.ts';
import { JobsQueue } from '../constructs/jobs-queue.ts';
import { NoticesTopic } from '../constructs/notices-topic.ts';
import { Releases } from '../constructs/releases.ts';
import { WebhookApi } from '../constructs/webhook-api.ts';
import { StageSight } from '../dashboard/stage-sight.ts';
import { BusinessFunction } from '../functions/business-function.ts';
import { CanaryFunction } from '../functions/canary-function.ts';
import { EventsFunction, eventsTimeout } from '../functions/events-function.ts';
import { HealthFunction } from '../functions/health-function.ts';
import { IngestFunction } from '../functions/ingest-function.ts';
import { JobsFunction, jobsTimeout } from '../functions/jobs-function.ts';
import { ProcessorFunction } from '../functions/processor-function.ts';
import { SweeperFunction } from '../functions/sweeper-function.ts';
import type { StatefulStack } from './stateful-stack.ts';

export interface ServiceStackProps extends StackProps {
  readonly config: StageConfig;
  readonly state: StatefulStack;
}

interface Released {
  readonly ingest: IngestFunction;
  readonly processor: ProcessorFunction;
  readonly api: WebhookApi;
}

interface Told {
  readonly config: StageConfig;
  readonly api: WebhookApi;
  readonly businessApi: BusinessApi;
  readonly notices: NoticesTopic;
  readonly chats: ChatQueue;
  readonly events: EventsQueue;
  readonly jobs: JobsQueue;
}

/**
 * The way of a message: API, ingest, chat queue, processor; after it the jobs; beside it events, sweeper
 * and health.
 * Holds nothing that cannot be made again: the queues ring for what the tables know. The sweeper
 * rings again for unfinished messages whose ring is lost, and the table's index `unfinished` lists
 * the parked ones for the operator.
 */
export class ServiceStack extends Stack {
  constructor(scope: Construct, id: string, { config, state, ...props }: ServiceStackProps) {
    super(scope, id, props);

    const topics = new AlarmTopics(this, 'Alarms', config.alarms);
    const chats = new ChatQueue(this, 'Chats', {
      processorTimeout: Duration.seconds(processorTimeoutSeconds),
      maxReceiveCount: config.processor.maxReceiveCount,
      answerDeadline: Duration.seconds(config.processor.answerDeadlineSeconds),
      topics,
    });
    const events = new EventsQueue(this, 'Events', { consumerTimeout: eventsTimeout, topics });
    const jobs = new JobsQueue(this, 'Jobs', { consumerTimeout: jobsTimeout, topics });

    this.#watchBackups(config, topics);

    const surroundings = { config, topics, state, bundles: new FunctionBundles() };
    const ingest = new IngestFunction(this, 'Ingest', { ...surroundings, chats, events });
    const processor = new ProcessorFunction(this, 'Processor', {
      ...surroundings,
      chats,
      jobs,
      accepted: ingest.metric,
    });
    const recorder = new EventsFunction(this, 'EventsWorker', { ...surroundings, events, chats });
    const notices = new NoticesTopic(this, 'Notices', { key: state.key });
    const worker = new JobsFunction(this, 'JobsWorker', { ...surroundings, jobs, notices });
    const sweeper = new SweeperFunction(this, 'Sweeper', { ...surroundings, chats });
    const health = new HealthFunction(this, 'Health', { ...surroundings, chats, events, jobs });

    const api = new WebhookApi(this, 'Webhook', {
      config,
      ingest: ingest.live.target,
      health: health.lambda,
    });
    this.#guardReleases(config, { ingest, processor, api });
    const canary =
      config.canary &&
      new CanaryFunction(this, 'Canary', {
        ...surroundings,
        canary: config.canary,
        webhookUrl: `${api.url}/webhook`,
        passes: [api, ingest, processor],
      });
    const business = new BusinessFunction(this, 'Business', { ...surroundings, chats });
    const businessApi = new BusinessApi(this, 'BusinessApi', {
      config,
      business: business.lambda,
    });
    // After everything that is watched.
    new BlindSpots(this, 'BlindSpots', { topics, stack: this });
    new HouseIncidents(this, 'Incidents', { stage: config.stage, topics, stacks: [state, this] });

    this.#tell({ config, api, businessApi, notices, chats, events, jobs });
    // Last: it shows every alarm that the stack has by then.
    new StageSight(this, 'Sight', {
      config,
      state,
      api,
      businessApi,
      queues: { chats, events, jobs },
      functions: { ingest, processor, events: recorder, jobs: worker, sweeper, business, health },
      canary,
    });
  }

  #watchBackups({ stage, recovery }: StageConfig, topics: AlarmTopics): void {
    if (recovery.backups === undefined) return;
    new BackupAlarms(this, 'Backups', { topics, vaultName: vaultNameOf(stage), tables: 2 });
  }

  #guardReleases(config: StageConfig, { ingest, processor, api }: Released): void {
    const releases = new Releases(this, 'Releases', config);
    releases.guard('Ingest', {
      lambda: ingest.lambda,
      live: ingest.live,
      rollbackOn: [ingest.live.newVersionErrors, ...api.rollbackAlarms],
    });
    releases.guard('Processor', {
      lambda: processor.lambda,
      live: processor.live,
      rollbackOn: [processor.live.newVersionErrors, processor.chatsFailing],
    });
  }

  /** What is entered elsewhere, and what `npx concierge` finds the stage by. */
  #tell({ config, api, businessApi, notices, chats, events, jobs }: Told): void {
    const tell = (id: string, value: string, description: string) =>
      new CfnOutput(this, id, { value, description });
    tell(
      'BusinessApiUrl',
      businessApi.api.apiEndpoint,
      "Where businesses' programs take chats over: docs/hand-over.md",
    );
    tell(
      'NoticesTopicArn',
      notices.topicArn,
      'Subscribe here to hear of chats that wait for a person: docs/hand-over.md',
    );
    tell(
      'WebhookUrl',
      `${api.url}/webhook`,
      "The callback URL of the Meta app's webhook; a tenant's own app has /<app> after it",
    );
    tell(
      'TenantVault',
      config.secrets.tenantVault,
      "Where the functions read tenants' secrets: npx concierge secret migrate",
    );
    // Read by `npx concierge`: docs/runbooks/chat-dead-letters.md.
    tell(
      'ChatQueueUrl',
      chats.queue.queueUrl,
      'Rung for what is parked, once its cause is removed',
    );
    tell(
      'ChatDeadLetterQueueUrl',
      chats.deadLetters.queueUrl,
      'Where a ring lies for each message that is parked',
    );
    tell(
      'EventsDeadLetterQueueUrl',
      events.deadLetters.queueUrl,
      'Where events lie that failed again and again',
    );
    tell(
      'JobsDeadLetterQueueUrl',
      jobs.deadLetters.queueUrl,
      'Where jobs lie that failed again and again',
    );
  }
}
