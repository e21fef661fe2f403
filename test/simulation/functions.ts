import { InMemoryAppDirectory } from '#adapters/in-memory/in-memory-app-directory.ts';
import { parseMarkdown } from '#adapters/markdown/parse-markdown.ts';
import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import { followUpOf } from '#adapters/whatsapp/delivery-failure.ts';
import { guardPeers, type UnguardedPeers } from '#app/guard-peers.ts';
import type { ChatMemories } from '#app/ports/chat-memories.ts';
import type { Random } from '#app/ports/clock.ts';
import type { Ids } from '#app/ports/ids.ts';
import type { Metrics } from '#app/ports/metrics.ts';
import type { Pseudonyms } from '#app/ports/pseudonyms.ts';
import type { ChatBell } from '#app/ports/queues.ts';
import { type SecretSource, SecretUnavailableError } from '#app/ports/secret-source.ts';
import { rememberChat } from '#app/remember-chat.ts';
import { Room } from '#app/room.ts';
import { DONE, type JobWork } from '#app/run-job.ts';
import { sweep } from '#app/sweep.ts';
import type { AppId } from '#domain/ids.ts';
import { MOST_BYTES_AT_ONCE } from '#domain/media/limits.ts';
import { receiveEvents } from '#lambdas/events/receive-events.ts';
import { receiveWebhook } from '#lambdas/ingest/receive-webhook.ts';
import { receiveJobs } from '#lambdas/jobs/receive-jobs.ts';
import { receiveRings } from '#lambdas/processor/receive-rings.ts';
import { classifyAwsError } from '#runtime/aws-failure.ts';
import { ScriptedDocuments } from '#test/support/media-peers.ts';
import type { Environment } from './cloud/environment.ts';
import { FunctionPool, type Handler } from './cloud/function-pool.ts';
import { instrument } from './cloud/instrument.ts';
import {
  bellHabits,
  eventsQueueHabits,
  inboxHabits,
  jobsQueueHabits,
  ledgerHabits,
  ringBoxHabits,
  storeHabits,
} from './habits.ts';
import { replyLength } from './peers/reply-length.ts';
import { SimulatedFiles } from './peers/simulated-files.ts';
import { SimulatedMemoryModel } from './peers/simulated-memory-model.ts';
import { SimulatedModel } from './peers/simulated-model.ts';
import { SimulatedSender } from './peers/simulated-sender.ts';
import { SimulatedTranscriber } from './peers/simulated-transcriber.ts';
import { CapturingLog } from './ports/capturing-log.ts';
import { simulatedPauses } from './ports/simulated-pauses.ts';
import {
  SimulatedBell,
  SimulatedEventsQueue,
  SimulatedHeldMessages,
  SimulatedJobsQueue,
  SimulatedRingBox,
} from './ports/simulated-queues.ts';
import { draw } from './random.ts';
import { QUEUES, SETTINGS } from './settings.ts';
import type { World } from './world.ts';

export interface Functions {
  readonly ingest: FunctionPool;
  readonly processor: FunctionPool;
  readonly events: FunctionPool;
  readonly sweeper: FunctionPool;
  readonly jobs: FunctionPool;
}

/** Each function's own translation and code, as its handler.ts wires it, on the world's ports. */
export function deployFunctions(world: World): Functions {
  const { clock, faults, schedule } = world;
  const pool = (name: string, timeoutMs: number, build: (environment: Environment) => Handler) =>
    new FunctionPool({
      name,
      timeoutMs,
      build: (environment) => {
        world.begins(environment);
        return build(environment);
      },
      timedOut: () => world.notebook.timedOut(name),
      seed: schedule.seed,
      clock,
      faults,
    });
  return {
    ingest: pool('ingest', SETTINGS.ingestTimeoutMs, (each) => ingest(world, each)),
    processor: pool('processor', SETTINGS.processorTimeoutMs, (each) => processor(world, each)),
    events: pool('events', SETTINGS.eventsTimeoutMs, (each) => events(world, each)),
    jobs: pool('jobs', SETTINGS.jobsTimeoutMs, (each) => jobs(world, each)),
    sweeper: pool('sweeper', SETTINGS.sweeperTimeoutMs, (each) => sweeper(world, each)),
  };
}

/** What every function has. */
function common({ notebook, metrics, trace }: World, environment: Environment) {
  const log = new CapturingLog({
    leaked: (event, field) => notebook.note('leaked', `the log event ${event} holds a ${field}`),
    wrote: trace,
  });
  return { log, metrics: countInto(metrics), clock: environment };
}

/** Counts; whatever else a metric may be is of no interest here. */
function countInto(counts: Map<string, number>): Metrics {
  const known: Pick<Metrics, 'count'> = {
    count: (name, by = 1) => counts.set(name, (counts.get(name) ?? 0) + by),
  };
  return new Proxy(known as Metrics, {
    get: (target, key) => Reflect.get(target, key) ?? (() => {}),
  });
}

function ingest(world: World, environment: Environment): Handler {
  const { calls, sqs, vault, store, sabotage, clock, generation } = world;
  const { log, ...deps } = common(world, environment);
  const inbox = sabotage.inbox(store, clock);
  const queue = new SimulatedEventsQueue(sqs);
  const all = {
    ...deps,
    pseudonyms,
    inbox: instrument(inbox, 'inbox', environment, calls, inboxHabits(inbox)),
    bell: bellOf(world, environment),
    events: instrument(queue, 'events-queue', environment, calls, eventsQueueHabits(queue)),
    secrets: vault.sourceFor(environment, calls, log),
    ...noOwnApps,
  };
  return async (payload) => {
    const event: Parameters<typeof receiveWebhook>[0] = JSON.parse(payload);
    const correlationId = event.requestContext.requestId;
    const answer = await receiveWebhook(event, { ...all, log: log.with({ correlationId }) });
    // Of which tables it says that they have it.
    return { ...answer, generation };
  };
}

/** Nobody here brings an app of their own. */
const noOwnApps = {
  apps: new InMemoryAppDirectory(),
  ownSecrets: {
    app: async (id: AppId) => {
      throw new SecretUnavailableError(`Nobody has the app ${id}`, { needs: 'operator' });
    },
    refreshApp: async () => false,
  },
};

function bellOf({ sqs, calls }: World, environment: Environment): ChatBell {
  const bell = new SimulatedBell(sqs);
  return instrument(bell, 'bell', environment, calls, bellHabits(bell));
}

function processor(world: World, environment: Environment): Handler {
  const { calls, clock, sqs, vault, store, tenants, oracle } = world;
  const { log, ...rest } = common(world, environment);
  const secrets = vault.sourceFor(environment, calls, log);
  const box = new SimulatedRingBox(sqs);
  const seen = (method: string, args: readonly unknown[]) =>
    oracle.effected(environment, `store.${method}`, args, undefined);
  const pauses = simulatedPauses(clock, environment);
  const deps = {
    ...rest,
    log,
    pauses,
    room: new Room(MOST_BYTES_AT_ONCE, pauses),
    markdown: { read: async (markdown: string) => parseMarkdown(markdown) },
    random: randomOf(world, environment),
    pseudonyms: pseudonymsFor(world),
    ledger: instrument(world.ledger, 'ledger', environment, calls, ledgerHabits),
    defaultModel: 'gpt-6-luna',
    transcriptionModel: 'gpt-transcribe',
    media: instrument(world.media, 'media', environment, calls),
    documents: new ScriptedDocuments(),
    turnsPerMinute: 600,
    restoredUntilMs: world.sabotage.tellsOfRestore ? world.restoredUntilMs : undefined,
    maxReceiveCount: SETTINGS.maxReceiveCount,
    answerDeadlineMs: SETTINGS.answerDeadlineMs,
    tenants: instrument(tenants, 'tenants', environment, calls),
    store: instrument(store, 'store', environment, calls, storeHabits(store, seen)),
    memories: memoriesOf(world, environment),
    jobs: instrument(new SimulatedJobsQueue(sqs), 'jobs', environment, calls, jobsQueueHabits),
    ids: idsOf(world, environment),
    bell: bellOf(world, environment),
    rings: instrument(box, 'rings', environment, calls, ringBoxHabits(box)),
    ...guardPeers(peersOf(world, environment, secrets), rest),
    classifyFailure: classifyAwsError,
  };
  return (payload, remainingMs) =>
    receiveRings(JSON.parse(payload), { getRemainingTimeInMillis: remainingMs }, deps);
}

/** The head is the store's, whatever a sabotage makes of that. */
function memoriesOf({ store, calls }: World, environment: Environment): ChatMemories {
  const { memories } = store;
  const memoriesOfStore: ChatMemories = {
    readWithHead: async (chat) => {
      const { stored } = await memories.readWithHead(chat);
      return { head: await store.readHead(chat), stored };
    },
    keep: (...args) => memories.keep(...args),
    forget: (...args) => memories.forget(...args),
    drop: (...args) => memories.drop(...args),
  };
  return instrument(memoriesOfStore, 'memories', environment, calls);
}

function idsOf({ schedule }: World, environment: Environment): Ids {
  let drawn = 0;
  return {
    next: () => {
      drawn += 1;
      return `${environment.id}x${drawn}s${schedule.seed}`.replace(/\W/g, '');
    },
  };
}

function jobs(world: World, environment: Environment): Handler {
  const { calls, sqs, store, tenants } = world;
  const deps = common(world, environment);
  const pseudonyms = pseudonymsFor(world);
  const random = randomOf(world, environment);
  const remembering = {
    ...deps,
    memories: memoriesOf(world, environment),
    store: instrument(store, 'store', environment, calls),
    tenants: instrument(tenants, 'tenants', environment, calls),
    // What it refuses here refuses no turn.
    ledger: world.ledger,
    memoryModel: new SimulatedMemoryModel(environment, calls),
    defaultModel: 'gpt-6-luna',
    ids: idsOf(world, environment),
    random,
    pseudonyms,
  };
  const held = new SimulatedHeldMessages(sqs, QUEUES.jobs);
  const all = {
    ...deps,
    handlers: {
      memory: (job: MemoryJob, work: JobWork) => rememberChat(job, work, remembering),
      // The businesses hear of it.
      notice: async () => DONE,
    },
    held: instrument(held, 'held-jobs', environment, calls),
    classifyFailure: classifyAwsError,
    random,
    pseudonyms,
  };
  return (payload, remainingMs) =>
    receiveJobs(JSON.parse(payload), { getRemainingTimeInMillis: remainingMs }, all);
}

type MemoryJob = Parameters<typeof rememberChat>[0];

/** The model and the Graph API, before the circuit breakers. */
function peersOf(
  { calls, oracle, graph, schedule }: World,
  environment: Environment,
  secrets: SecretSource,
): UnguardedPeers {
  return {
    model: new SimulatedModel({
      secrets,
      environment,
      calls,
      asked: (each, request) => oracle.asked(each, request),
      answered: (each, request, reply, means) => oracle.answered(each, request, reply, means),
      lengthOf: (first) => replyLength(schedule.seed, first),
    }),
    source: new SimulatedFiles({ graph, secrets, environment, calls }),
    transcriber: new SimulatedTranscriber(environment, calls),
    sender: new SimulatedSender({
      graph,
      secrets,
      environment,
      calls,
      read: (message, result, read) => oracle.sends.read(message, result, read),
    }),
  };
}

/** Each environment draws for itself. */
function randomOf({ schedule }: World, environment: Environment): Random {
  let draws = 0;
  return {
    next: () => {
      draws += 1;
      return draw(schedule.seed, environment.id, draws);
    },
  };
}

/** The real ones; the oracle learns which chat each stands for. */
function pseudonymsFor({ oracle }: World): Pseudonyms {
  return {
    ofMessage: pseudonyms.ofMessage,
    ofWamid: pseudonyms.ofWamid,
    ofChat: (chat) => {
      const name = pseudonyms.ofChat(chat);
      oracle.model.named(name, chat);
      return name;
    },
  };
}

function events(world: World, environment: Environment): Handler {
  const deps = {
    ...common(world, environment),
    bell: bellOf(world, environment),
    pseudonyms,
    followUpOf,
    random: randomOf(world, environment),
    envelopes: instrument(
      new SimulatedHeldMessages(world.sqs, QUEUES.events),
      'envelopes',
      environment,
      world.calls,
    ),
    deliveries: instrument(world.store, 'deliveries', environment, world.calls),
    inbox: instrument(
      world.store,
      'echo-inbox',
      environment,
      world.calls,
      inboxHabits(world.store),
    ),
    tenants: instrument(world.tenants, 'tenants', environment, world.calls),
    ledger: world.ledger,
    turnsPerMinute: undefined,
    preferences: instrument(world.store, 'preferences', environment, world.calls),
  };
  return (payload) => receiveEvents(JSON.parse(payload), deps);
}

function sweeper(world: World, environment: Environment): Handler {
  const deps = {
    ...common(world, environment),
    bell: bellOf(world, environment),
    unfinished: instrument(world.store, 'unfinished', environment, world.calls),
    ringAfterMs: SETTINGS.ringAfterMs,
  };
  return () => sweep(deps);
}
