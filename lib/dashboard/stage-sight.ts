import { Construct } from 'constructs';
import type { StageConfig } from '../config/stages.ts';
import type { BusinessApi } from '../constructs/business-api.ts';
import type { ChatQueue } from '../constructs/chat-queue.ts';
import type { EventsQueue } from '../constructs/events-queue.ts';
import type { JobsQueue } from '../constructs/jobs-queue.ts';
import { SavedQueries } from '../constructs/saved-queries.ts';
import { StageDashboard } from '../constructs/stage-dashboard.ts';
import type { WebhookApi } from '../constructs/webhook-api.ts';
import type { BusinessFunction } from '../functions/business-function.ts';
import type { CanaryFunction } from '../functions/canary-function.ts';
import type { HealthFunction } from '../functions/health-function.ts';
import { processorStations } from '../functions/processor-stations.ts';
import type { SweeperFunction } from '../functions/sweeper-function.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import { businessView } from './business-view.ts';
import { costView } from './cost-view.ts';
import type { StationFunctions } from './functions.ts';
import { priceDrivers } from './price-drivers.ts';
import type { Station } from './station.ts';

export interface StageSightProps {
  readonly config: StageConfig;
  readonly state: StatefulStack;
  readonly api: WebhookApi;
  readonly businessApi: BusinessApi;
  readonly queues: {
    readonly chats: ChatQueue;
    readonly events: EventsQueue;
    readonly jobs: JobsQueue;
  };
  readonly functions: StationFunctions & {
    readonly sweeper: SweeperFunction;
    readonly business: BusinessFunction;
    readonly health: HealthFunction;
  };
  /** Where the stage has one. */
  readonly canary: CanaryFunction | undefined;
}

/** What an operator sees of a stage: its dashboard, and the questions that are saved for its logs. */
export class StageSight extends Construct {
  constructor(scope: Construct, id: string, props: StageSightProps) {
    super(scope, id);
    const { config, state, api, businessApi, queues, functions } = props;
    const all = [...Object.values(functions), ...(props.canary ? [props.canary] : [])];
    const drivers = priceDrivers({
      apis: { webhook: api.api, business: businessApi.api },
      functions: all,
      queues: { chat: queues.chats.queue, events: queues.events.queue, jobs: queues.jobs.queue },
      tables: { conversations: state.conversations, tenants: state.tenants },
    });
    new StageDashboard(this, 'Dashboard', {
      otherStacks: [state],
      bands: bandsOf(props),
      views: [businessView(functions, props.canary), costView(functions, drivers)],
    });
    new SavedQueries(this, 'Queries', {
      folder: `concierge-${config.stage}`,
      logGroups: all.map(({ logGroup }) => logGroup),
    });
  }
}

/** What a customer waits for, and below it what happens beside that. */
function bandsOf(props: StageSightProps): readonly (readonly Station[])[] {
  const { state, api, businessApi, queues, functions, canary } = props;
  const { ingest, processor, events, jobs, sweeper, business } = functions;
  return [
    [api.station, ingest.station, queues.chats.station, ...processorStations(processor)],
    [events.station, jobs.station, sweeper.station, businessApi.station, business.station],
    [
      ...(canary ? [canary.station] : []),
      state.conversations.stationAs('conversations'),
      state.tenants.stationAs('tenants'),
    ],
  ];
}
