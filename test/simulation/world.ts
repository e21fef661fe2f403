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
import type { Environment } from './cloud/environment.ts';
import { FaultPlan, type Observer } from './cloud/fault-plan.ts';
import type { FunctionPool } from './cloud/function-pool.ts';
import { PortCalls } from './cloud/port-calls.ts';
import { deployFunctions, type Functions } from './functions.ts';
import { Notebook } from './oracle/notebook.ts';
import { Oracle, type Snapshot } from './oracle/oracle.ts';
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
  readonly people: People;
  readonly notebook: Notebook;
  readonly faults: FaultPlan;
  readonly calls: PortCalls;
  readonly sqs: SqsModel;
  readonly vault: SimulatedVault;
  readonly graph: SimulatedGraph;
  readonly meta: SimulatedMeta;
  readonly functions: Functions;
  readonly sabotage: Sabotage;
  readonly trace: Trace | undefined;
  /** When restored tables began to serve. */
  restoredUntilMs: number | undefined;
  #table: InMemoryConversations;
  #store: InMemoryConversations;
  #snapshot: { readonly table: InMemoryConversations; readonly books: Snapshot } | undefined;
  /** One for each time that tables were put in place; the last one's is the verdict. */
  readonly #oracles: Oracle[];
  readonly #oracleOf = new WeakMap<Environment, Oracle>();

  constructor(schedule: Schedule, sabotage: Sabotage = NO_SABOTAGE, lines?: string[]) {
    const { seed } = schedule;
    const { clock } = this;
    this.schedule = schedule;
    this.sabotage = sabotage;
    this.trace = lines && ((line) => lines.push(`${stamp(clock.now())} ${line()}`));
    this.people = new People(schedule.customers);
    const { people, trace } = this;
    this.notebook = new Notebook({ schedule, people, clock, trace });
    this.#oracles = [new Oracle(this.notebook)];
    this.faults = new FaultPlan(schedule.faults);
    const { faults } = this;
    this.calls = new PortCalls({ seed, clock, faults, observer: this.#observer(), trace });
    this.#table = new InMemoryConversations(clock);
    this.#store = sabotage.store(this.#table, clock);
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

  /** The conversations table. */
  get store(): InMemoryConversations {
    return this.#store;
  }

  get oracle(): Oracle {
    return this.oracleOf(this.generation);
  }

  /** How often the tables were restored. */
  get generation(): number {
    return this.#oracles.length - 1;
  }

  /** Who judges what is done with these tables. */
  oracleOf(generation: number): Oracle {
    const oracle = this.#oracles[generation];
    if (!oracle) throw new RangeError(`There are no tables of generation ${generation}`);
    return oracle;
  }

  /** Whatever it does from here on is done with the tables of now. */
  begins(environment: Environment): void {
    this.#oracleOf.set(environment, this.oracle);
  }

  takeSnapshot(): void {
    this.#snapshot = { table: this.#table.copy(), books: this.oracle.snapshot() };
  }

  /** @returns false where there is no snapshot */
  restore(): boolean {
    if (!this.#snapshot) return false;
    const { table, books: snapshot } = this.#snapshot;
    const untilMs = this.clock.now();
    const restored = { before: this.oracle, snapshot, heads: table.chats(), untilMs };
    this.#oracles.push(new Oracle(this.notebook, restored));
    this.#table = table;
    this.#store = this.sabotage.store(table, this.clock);
    this.restoredUntilMs = untilMs;
    return true;
  }

  #observer(): Observer {
    const of = (environment: Environment) => this.#oracleOf.get(environment) ?? this.oracle;
    return {
      called: (environment, ...call) => of(environment).called(environment, ...call),
      effected: (environment, ...call) => of(environment).effected(environment, ...call),
    };
  }

  #startGraph(): SimulatedGraph {
    const { clock, people, faults, schedule } = this;
    const reports = new StatusReports({
      seed: schedule.seed,
      clock,
      habits: schedule.statuses,
      post: (updates, taken) => this.meta.deliver(updates, taken),
      taken: (generation, message, words) =>
        this.oracleOf(generation).bubbles.acknowledged(message, words),
      counted: (name) => faults.count(name, clock.now()),
      failed: (message, wamid) => this.oracle.bubbles.failed(message, wamid),
    });
    return new SimulatedGraph({
      clock,
      tokens: FIRST_TOKENS,
      lastWrittenMs: ({ reference }) => this.#lastWrittenMs(people.ofChat(reference.chat)?.index),
      accepted: (message, wamid, nth) => {
        const { bubbles, sends } = this.oracle;
        bubbles.sent(message, wamid, sends.attemptOf(message));
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
