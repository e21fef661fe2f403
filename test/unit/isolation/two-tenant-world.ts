import { writeRouteRecord } from '#adapters/dynamodb/route-record.ts';
import { writeTenantRecord } from '#adapters/dynamodb/tenant-record.ts';
import { readEnvelopeBody } from '#adapters/sqs/envelope-body.ts';
import { readJobBody } from '#adapters/sqs/job-body.ts';
import { readRingBody } from '#adapters/sqs/ring-body.ts';
import { sweep } from '#app/sweep.ts';
import { type JsonObject, textAt } from '#domain/json.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import { receiveEvents } from '#lambdas/events/receive-events.ts';
import { receiveWebhook } from '#lambdas/ingest/receive-webhook.ts';
import { receiveJobs } from '#lambdas/jobs/receive-jobs.ts';
import { receiveRings } from '#lambdas/processor/receive-rings.ts';
import { VirtualClock } from '#local/clock.ts';
import type { DynamoEngine } from '#local/dynamodb/dynamo-engine.ts';
import type { PolledMessage } from '#local/event-sources/polled-queue.ts';
import { sqsEvent } from '#local/event-sources/sqs-event.ts';
import { polledQueue } from '#local/event-sources/sqs-model-queue.ts';
import { SqsModel } from '#local/sqs/sqs-model.ts';
import { QUEUES, queueAttributes, START_MS } from '#test/simulation/settings.ts';
import { aTable } from '#test/support/dynamo-server.ts';
import { type Answer, json, type startLoopbackPeer } from '#test/support/loopback-peer.ts';
import { signatureOf } from '#test/support/webhooks.ts';
import { callBusinessApi } from './business-calls.ts';
import { echo, graphTrouble, modelTrouble } from './echoing-peers.ts';
import { isForMedia, mediaAnswer, withLegibleImages } from './media-peer.ts';
import {
  accountEntry,
  echoEntry,
  messageEntry,
  noticeEntry,
  oddEntry,
  statusEntry,
} from './meta-entries.ts';
import { type Sabotage, shareProcess } from './shared-process.ts';
import { noticesSecretOf, type Side, type Sides, sidesOf } from './sides.ts';
import type { Plan, Step, Trouble } from './steps.ts';
import { tappedDynamo } from './tapped-dynamo.ts';
import { Witness, working } from './witness.ts';

const APP_SECRET = 'app-secret-of-two';
const REGION = 'eu-central-1';

export interface Engines {
  readonly dynamodb: DynamoEngine;
  /** Answers for the model and the Graph API. */
  readonly peer: Awaited<ReturnType<typeof startLoopbackPeer>>;
}

interface SentBubble {
  readonly wamid: string;
  readonly reference: string;
}

/** Runs a plan against one process that works for both tenants. */
export async function runPlan(
  plan: Plan,
  engines: Engines,
  sabotage: (sides: Sides) => Sabotage = () => ({}),
): Promise<Witness> {
  const world = await TwoTenantWorld.start(plan, engines, sabotage);
  for (const step of plan.steps) await world.take(step);
  await world.comeToRest();
  return world.witness;
}

/** What is called at a door after a command: its own, and the other's. */
const ROUTES = ['GET /chats', 'GET /chats/{contact}', 'POST /chats/{contact}/take'] as const;

class TwoTenantWorld {
  readonly witness: Witness;
  readonly #sides: Sides;
  readonly #engines: Engines;
  readonly #clock = new VirtualClock(START_MS);
  readonly #sqs: SqsModel;
  readonly #troubles: Trouble[] = [];
  readonly #sent: [SentBubble[], SentBubble[]] = [[], []];
  readonly #tokens: [string[], string[]];
  readonly #sabotage: Sabotage;
  #process: ReturnType<typeof shareProcess> | undefined;
  #tenantsTable = '';
  #requests = 0;
  #wamids = 0;

  static async start(
    { ids, numbers }: Plan,
    engines: Engines,
    sabotage: (sides: Sides) => Sabotage,
  ): Promise<TwoTenantWorld> {
    const world = new TwoTenantWorld(sidesOf(ids, numbers), engines, sabotage);
    await world.#open();
    return world;
  }

  private constructor(sides: Sides, engines: Engines, sabotage: (sides: Sides) => Sabotage) {
    this.#tokens = [[...sides[0].tokens], [...sides[1].tokens]];
    this.#sides = [
      { ...sides[0], tokens: this.#tokens[0] },
      { ...sides[1], tokens: this.#tokens[1] },
    ];
    this.witness = new Witness(this.#sides);
    this.#engines = engines;
    this.#sabotage = sabotage(this.#sides);
    const clock = this.#clock;
    this.#sqs = new SqsModel({ clock, region: REGION, accountId: '111122223333', ids: counter() });
    for (const [name, attributes] of queueAttributes((each) => this.#sqs.arnOf(each))) {
      this.#sqs.createQueue(name, attributes);
    }
  }

  async #open(): Promise<void> {
    const { dynamodb } = this.#engines;
    const [tenants, conversations] = [aTable('Tenants'), aTable('Conversations')];
    await Promise.all([tenants, conversations].map((table) => dynamodb.createTable(table)));
    this.#tenantsTable = tenants.TableName;
    for (const side of this.#sides) {
      const { tenant, phoneNumberId } = side;
      await this.#write(side, 'active');
      await this.#put(writeRouteRecord({ phoneNumberId, tenantId: tenant.id }));
    }
    this.#answerPeers();
    this.#process = shareProcess({
      witness: this.witness,
      clock: this.#clock,
      sqs: this.#sqs,
      dynamo: tappedDynamo(this.#engines.dynamodb, {
        seen: (operation, input, output) => this.witness.table(operation, input, output),
        trouble: () => this.#troubleOf('table'),
      }),
      tables: { tenants: tenants.TableName, conversations: conversations.TableName },
      peersUrl: this.#engines.peer.url,
      secretOf: (id) => this.#secretOf(id),
      sabotage: this.#sabotage,
    });
  }

  get #all() {
    if (!this.#process) throw new Error('The process has not started');
    return this.#process;
  }

  async take(step: Step): Promise<void> {
    const index = 'side' in step ? step.side : 0;
    const [one, another] = [this.#sides[index], this.#sides[index === 0 ? 1 : 0]];
    switch (step.kind) {
      case 'write':
        return this.#deliver(one, messageEntry(one, another, step));
      case 'write-to-both':
        return this.#deliver(
          undefined,
          messageEntry(one, another, step),
          messageEntry(another, one, step),
        );
      case 'report':
        return this.#report(step);
      case 'move':
        return this.#deliver(one, noticeEntry(one, step));
      case 'odd-number':
        return this.#deliver(one, oddEntry(one, step.number));
      case 'account-event':
        return this.#deliver(one, accountEntry(one, step.isOdd));
      case 'trouble':
        this.#troubles.push(step.trouble);
        return;
      case 'person':
        return this.#act(one, step);
      case 'new-token':
        this.#tokens[index].push(`EAAG-${index}-${this.#tokens[index].length}`);
        return;
      case 'status':
        return this.#write(one, step.status);
      case 'work':
        return this.#work(step.isTogether);
      case 'wait':
        return this.#wait(step.seconds);
    }
  }

  async #act(own: Side, { contact, does }: Extract<Step, { kind: 'person' }>): Promise<void> {
    if (does === 'echo') return this.#deliver(own, echoEntry(own, contact));
    const { canary } = own;
    const other = this.#sides[own.index === 0 ? 1 : 0];
    this.#requests += 1;
    const id = `c-${this.#requests}`;
    const words = does === 'say' ? { text: `${canary} says a person` } : {};
    const route = `POST /chats/{contact}/${does === 'say' ? 'messages' : does}` as const;
    const call = { route, contact, id, body: { by: canary, ...words } };
    await callBusinessApi(own, own, call, this.#all, this.witness);
    const asked = ROUTES[this.#requests % ROUTES.length] ?? route;
    const { body: _, ...looking } = { ...call, route: asked };
    if (asked.startsWith('GET')) await callBusinessApi(own, own, looking, this.#all, this.witness);
    const foreign = asked.startsWith('GET') ? looking : call;
    await callBusinessApi(other, own, foreign, this.#all, this.witness);
    this.witness.count(`person ${does}`);
  }

  /** Everything that can still happen happens. */
  async comeToRest(): Promise<void> {
    this.#troubles.length = 0;
    for (const side of this.#sides) await this.#write(side, 'active');
    for (let round = 0; round < 4; round += 1) {
      await this.#wait(130);
      await this.#work(round % 2 === 0);
    }
  }

  /** Meta's webhook, signed, with these entries; of one tenant or of both. */
  async #deliver(side: Side | undefined, ...entries: readonly JsonObject[]): Promise<void> {
    const body = JSON.stringify({ object: 'whatsapp_business_account', entry: entries });
    this.#requests += 1;
    const event = {
      body,
      isBase64Encoded: false,
      headers: { 'x-hub-signature-256': signatureOf(body, APP_SECRET) },
      requestContext: { requestId: `request-${this.#requests}`, http: { method: 'POST' } },
    };
    await this.#invoke(side, () =>
      receiveWebhook(event as unknown as Parameters<typeof receiveWebhook>[0], this.#all.ingest),
    );
  }

  async #report(step: Extract<Step, { kind: 'report' }>): Promise<void> {
    const { side, about, nth } = step;
    const other = side === 0 ? 1 : 0;
    const bubbles = this.#sent[about === 'own' ? side : other];
    const number = this.#sides[other].phoneNumberId;
    const madeUp = {
      wamid: 'wamid.x',
      reference: `concierge/1 ${number}#34600111000111 1790400000000.1 0`,
    };
    const sent = about === 'made-up' ? undefined : bubbles[nth % bubbles.length];
    this.witness.count(`report ${about}`);
    const own = this.#sides[side];
    await this.#deliver(own, statusEntry(own, step, sent ?? madeUp));
  }

  async #wait(seconds: number): Promise<void> {
    this.#clock.advanceBy(seconds * 1_000);
    try {
      await this.#invoke(undefined, () => sweep(this.#all.sweeper));
    } catch {
      // A table that does not answer: the next minute's sweep makes up for it.
      this.witness.count('sweep failed');
    }
  }

  /** Both queues, until nothing is available. */
  async #work(isTogether: boolean): Promise<void> {
    for (let round = 0; round < 20; round += 1) {
      const rings = this.#receive(QUEUES.chats);
      const envelopes = this.#receive(QUEUES.events);
      const jobs = this.#receive(QUEUES.jobs);
      if (rings.length + envelopes.length + jobs.length === 0) return;
      for (const { body } of rings) this.witness.queued('rings', body);
      for (const { body } of envelopes) this.witness.queued('envelopes', body);
      for (const { body } of jobs) this.witness.queued('rings', body);
      await Promise.all([
        ...this.#batches(rings, isTogether, ringSideOf).map(([side, batch]) =>
          this.#answer(side, batch),
        ),
        ...this.#batches(envelopes, isTogether, envelopeNumberOf).map(([side, batch]) =>
          this.#record(side, batch),
        ),
        ...this.#batches(jobs, isTogether, jobSideOf).map(([side, batch]) =>
          this.#remember(side, batch),
        ),
      ]);
    }
  }

  #receive(queue: string): readonly PolledMessage[] {
    return polledQueue(this.#sqs, queue, REGION).receive(10);
  }

  /** One batch for all, or one for each number, side by side in the same process. */
  #batches(
    messages: readonly PolledMessage[],
    isTogether: boolean,
    numberOf: (body: string) => string | undefined,
  ): readonly (readonly [Side | undefined, readonly PolledMessage[]])[] {
    if (messages.length === 0) return [];
    if (isTogether) return [[undefined, messages]];
    const byNumber = Map.groupBy(messages, ({ body }) => numberOf(body));
    return [...byNumber].map(([number, batch]) => [
      this.#sides.find(({ phoneNumberId }) => phoneNumberId === number),
      batch,
    ]);
  }

  async #answer(side: Side | undefined, batch: readonly PolledMessage[]): Promise<void> {
    await this.#consume(QUEUES.chats, side, batch, (event) =>
      receiveRings(event, { getRemainingTimeInMillis: () => 60_000 }, this.#all.processor),
    );
  }

  async #record(side: Side | undefined, batch: readonly PolledMessage[]): Promise<void> {
    const { envelope = (body: string) => body } = this.#sabotage;
    const altered = batch.map((each) => ({ ...each, body: envelope(each.body) }));
    await this.#consume(QUEUES.events, side, altered, (event) =>
      receiveEvents(event, this.#all.events),
    );
  }

  async #remember(side: Side | undefined, batch: readonly PolledMessage[]): Promise<void> {
    await this.#consume(QUEUES.jobs, side, batch, (event) =>
      receiveJobs(event, { getRemainingTimeInMillis: () => 60_000 }, this.#all.jobs),
    );
  }

  async #consume(
    name: string,
    side: Side | undefined,
    batch: readonly PolledMessage[],
    handle: (event: Parameters<typeof receiveRings>[0]) => ReturnType<typeof receiveRings>,
  ): Promise<void> {
    const queue = polledQueue(this.#sqs, name, REGION);
    const { payload } = sqsEvent(batch, queue, 6_000_000);
    const { batchItemFailures } = await this.#invoke(side, () => handle(JSON.parse(payload)));
    const kept = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const message of batch) if (!kept.has(message.messageId)) queue.delete(message);
  }

  async #invoke<Result>(side: Side | undefined, run: () => Promise<Result>): Promise<Result> {
    try {
      return await working.run(side, run);
    } finally {
      this.#all.metrics.flush();
    }
  }

  /** The model says all that it was told; the Graph API takes what comes with the token of now. */
  #answerPeers(): void {
    this.#engines.peer.answerWith((response, request) => {
      const authorization = request.headers.authorization ?? '';
      const answer = isForMedia(request)
        ? this.#mediaAnswer(request.path, authorization)
        : request.path === '/v1/responses'
          ? this.#modelAnswer(authorization, withLegibleImages(request.body))
          : this.#graphAnswer(request.path, authorization, request.body);
      answer(response, request);
    });
  }

  #mediaAnswer(path: string, authorization: string): Answer {
    const { witness } = this;
    const around = { sides: this.#sides, witness, peerUrl: this.#engines.peer.url };
    return mediaAnswer(path, authorization, around);
  }

  #modelAnswer(authorization: string, body: JsonObject): Answer {
    this.witness.model(authorization, body);
    const trouble = this.#troubleOf('model');
    return trouble ? modelTrouble(trouble, body) : echo(body);
  }

  #graphAnswer(path: string, authorization: string, body: JsonObject): Answer {
    const side = this.witness.graph(path, authorization, body);
    if (side && authorization !== `Bearer ${this.#tokens[side.index].at(-1)}`) {
      this.witness.count('token refused');
      return graphTrouble('graph-token', body);
    }
    const trouble = this.#troubleOf('graph');
    if (trouble) return graphTrouble(trouble, body);
    this.#wamids += 1;
    const wamid = `wamid.out-${this.#wamids}`;
    const reference = textAt(body, 'biz_opaque_callback_data');
    if (side && reference !== undefined) this.#sent[side.index].push({ wamid, reference });
    return json(200, { messages: [{ id: wamid }] });
  }

  #troubleOf<Peer extends 'table' | 'model' | 'graph'>(
    peer: Peer,
  ): Extract<Trouble, `${Peer}-${string}`> | undefined {
    const index = this.#troubles.findIndex((trouble) => trouble.startsWith(`${peer}-`));
    const [next] = index === -1 ? [] : this.#troubles.splice(index, 1);
    if (!next) return undefined;
    this.witness.count(`trouble ${peer}`);
    if (peer === 'table') this.witness.wasBlind = true;
    return next as Extract<Trouble, `${Peer}-${string}`>;
  }

  #secretOf(id: string): string {
    if (id === 'platform') {
      const [appSecrets, verifyTokens] = [[APP_SECRET], ['verify']];
      return JSON.stringify({ appSecrets, verifyTokens, openAiApiKey: 'sk-two-tenants' });
    }
    const side = this.#sides.find(({ tenant }) => id === `tenant/${tenant.id}`);
    if (!side) this.witness.breaches.push(`the secret ${id} is nobody's`);
    const worker = working.getStore();
    if (side && worker && side !== worker)
      this.witness.breaches.push(`the secret ${id} of another`);
    return JSON.stringify({
      accessToken: side ? this.#tokens[side.index].at(-1) : '',
      noticesSecrets: side ? [noticesSecretOf(side)] : [],
    });
  }

  /** As the operator keeps a tenant. */
  #write({ tenant, phoneNumberId, accountId }: Side, status: Tenant['status']): Promise<void> {
    const numbers = [{ phoneNumberId, accountId }];
    return this.#put(writeTenantRecord({ ...tenant, status }, { numbers, revision: 1 }));
  }

  async #put(Item: ReturnType<typeof writeTenantRecord>): Promise<void> {
    const body = JSON.stringify({ TableName: this.#tenantsTable, Item });
    const { status } = await this.#engines.dynamodb.handle('PutItem', body);
    if (status !== 200) throw new Error('The tenants table took no tenant');
  }
}

function ringSideOf(body: string): string | undefined {
  const ring = readRingBody(body);
  return ring === 'malformed' ? undefined : ring.chat.phoneNumberId;
}

function jobSideOf(body: string): string | undefined {
  const job = readJobBody(body);
  return job === 'malformed' || job.kind !== 'memory' ? undefined : job.chat.phoneNumberId;
}

function envelopeNumberOf(body: string): string | undefined {
  const envelope = readEnvelopeBody(body);
  return envelope === 'malformed' ? undefined : envelope.phoneNumberId;
}

function counter(): () => string {
  let count = 0;
  return () => {
    count += 1;
    return `id-${count}`;
  };
}
