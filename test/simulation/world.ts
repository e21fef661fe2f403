import { InMemoryConversations } from '#adapters/in-memory/in-memory-conversations.ts';
import { InMemoryMediaStore } from '#adapters/in-memory/in-memory-media-store.ts';
import { InMemorySpendLedger } from '#adapters/in-memory/in-memory-spend-ledger.ts';
import { InMemoryTenantDirectory } from '#adapters/in-memory/in-memory-tenant-directory.ts';
import { chatKey } from '#domain/ids.ts';
import { NO_BUDGET } from '#domain/money/budget.ts';
import { VirtualClock } from '#local/clock.ts';
import { polledQueue } from '#local/event-sources/sqs-model-queue.ts';
import { SqsPoller } from '#local/event-sources/sqs-poller.ts';
import { SqsModel } from '#local/sqs/sqs-model.ts';
import { FaultPlan } from './cloud/fault-plan.ts';
import type { FunctionPool } from './cloud/function-pool.ts';
import { PortCalls } from './cloud/port-calls.ts';
import { deployFunctions, type Functions } from './functions.ts';
import { Notebook } from './oracle/notebook.ts';
import { Oracle } from './oracle/oracle.ts';
import { SimulatedGraph } from './peers/simulated-graph.ts';
import { SimulatedMeta } from './peers/simulated-meta.ts';
import { SimulatedVault } from './peers/simulated-vault.ts';
import { StatusReports } from './peers/status-reports.ts';
import { BUSINESSES, People, tenantOf } from './people.ts';
import type { Schedule } from './plan/schedule.ts';
import { NO_SABOTAGE, type Sabotage } from './sabotage/sabotage.ts';
import {
  EVENT_SOURCE,
  JOB_SOURCE,
  QUEUES,
  queueAttributes,
  RING_SOURCE,
  START_MS,
} from './settings.ts';

const FIRST_APP_SECRET = 'app-secret-1';
const FIRST_TOKENS = ['EAAG-bakery-1', 'EAAG-clinic-1'] as const;

export type Trace = (line: () => string) => void;

/** The concierge, deployed into a world of virtual time: its own code, and everything around it simulated. */
export class World {
  readonly schedule: Schedule;
  readonly clock = new VirtualClock(START_MS);
  readonly metrics = new Map<string, number>();
  readonly tenants = new InMemoryTenantDirectory();
  readonly ledger = new InMemorySpendLedger(NO_BUDGET);
  readonly media = new InMemoryMediaStore(this.clock);
  readonly store: InMemoryConversations;
  readonly people: People;
  readonly notebook: Notebook;
  readonly oracle: Oracle;
  readonly faults: FaultPlan;
  readonly calls: PortCalls;
  readonly sqs: SqsModel;
  readonly vault: SimulatedVault;
  readonly graph: SimulatedGraph;
  readonly meta: SimulatedMeta;
  readonly functions: Functions;
  readonly sabotage: Sabotage;
  readonly trace: Trace | undefined;

  constructor(schedule: Schedule, sabotage: Sabotage = NO_SABOTAGE, lines?: string[]) {
    const { seed } = schedule;
    const { clock } = this;
    this.schedule = schedule;
    this.sabotage = sabotage;
    this.trace = lines && ((line) => lines.push(`${stamp(clock.now())} ${line()}`));
    this.people = new People(schedule.customers);
    const { people, trace } = this;
    this.notebook = new Notebook({ schedule, people, clock, trace });
    this.oracle = new Oracle(this.notebook);
    this.faults = new FaultPlan(schedule.faults);
    const { oracle: observer, faults } = this;
    this.calls = new PortCalls({ seed, clock, faults, observer, trace });
    this.store = sabotage.store(new InMemoryConversations(clock), clock);
    this.sqs = startQueues(clock);
    this.vault = new SimulatedVault(
      { appSecrets: [FIRST_APP_SECRET], verifyTokens: ['verify'], openAiApiKey: 'sk-sim' },
      new Map(BUSINESSES.map(({ tenantId, index }) => [tenantId, FIRST_TOKENS[index]])),
    );
    for (const each of BUSINESSES) this.tenants.put(each.phoneNumberId, tenantOf(each));
    this.graph = this.#startGraph();
    this.functions = deployFunctions(this);
    this.meta = new SimulatedMeta({
      seed,
      clock,
      ingest: this.functions.ingest,
      appSecret: FIRST_APP_SECRET,
      redelivered: () => faults.count('redelivery', clock.now()),
    });
    this.#connect(QUEUES.chats, this.functions.processor, RING_SOURCE);
    this.#connect(QUEUES.events, this.functions.events, EVENT_SOURCE);
    this.#connect(QUEUES.jobs, this.functions.jobs, JOB_SOURCE);
  }

  #startGraph(): SimulatedGraph {
    const { clock, people, oracle, faults, schedule } = this;
    const reports = new StatusReports({
      seed: schedule.seed,
      clock,
      habits: schedule.statuses,
      post: (updates, taken) => this.meta.deliver(updates, taken),
      taken: (message, words) => oracle.bubbles.acknowledged(message, words),
      counted: (name) => faults.count(name, clock.now()),
      failed: (message, wamid) => oracle.bubbles.failed(message, wamid),
    });
    return new SimulatedGraph({
      clock,
      tokens: FIRST_TOKENS,
      lastWrittenMs: ({ reference }) => this.#lastWrittenMs(people.ofChat(reference.chat)?.index),
      accepted: (message, wamid, nth) => {
        oracle.bubbles.sent(message, wamid, oracle.sends.attemptOf(message));
        this.trace?.(
          () =>
            `  bubble ${chatKey(message.reference.chat)} ${message.reference.turnId} part ${message.reference.part}`,
        );
        const business = people.ofChat(message.reference.chat)?.business ?? 0;
        reports.report(message, wamid, nth, business);
      },
    });
  }

  /** When the customer wrote last, by the phone's own time. */
  #lastWrittenMs(customer: number | undefined): number {
    const nowMs = this.clock.now();
    const times = this.schedule.messages
      .filter((each) => each.customer === customer)
      .map(({ writtenAtMs }) => START_MS + writtenAtMs)
      .filter((atMs) => atMs <= nowMs);
    return Math.max(0, ...times);
  }

  #connect(name: string, lambda: FunctionPool, settings: typeof RING_SOURCE): void {
    const { clock, sqs } = this;
    new SqsPoller({
      queue: polledQueue(sqs, name, 'eu-central-1'),
      lambda,
      settings,
      clock,
    }).start();
  }
}

function startQueues(clock: VirtualClock): SqsModel {
  let count = 0;
  const ids = () => {
    count += 1;
    return `id-${count}`;
  };
  const sqs = new SqsModel({ clock, region: 'eu-central-1', accountId: '111122223333', ids });
  for (const [name, attributes] of queueAttributes((each) => sqs.arnOf(each))) {
    sqs.createQueue(name, attributes);
  }
  return sqs;
}

function stamp(nowMs: number): string {
  return `+${((nowMs - START_MS) / 1000).toFixed(3)}`.padStart(12);
}
