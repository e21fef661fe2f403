import { type Background, memoriesOf, statusesOf } from './background.ts';
import { Book } from './book.ts';
import { Bucket } from './bucket.ts';
import { Chance } from './chance.ts';
import { ChatQueue, type Received } from './chat-queue.ts';
import { Customers } from './customers.ts';
import type { Deployment } from './deployment.ts';
import { Front } from './front.ts';
import { LambdaPool, Places } from './lambda-pool.ts';
import { ASSUMED } from './limits.ts';
import { PartLimits } from './part-limits.ts';
import { Poller } from './poller.ts';
import { Processor } from './processor.ts';
import { Timeline } from './timeline.ts';
import type { WorkOfMessage } from './work.ts';
import type { Chat, Peers, Switches, World } from './world.ts';

export interface ServiceOptions {
  readonly deployment: Deployment;
  readonly work: WorkOfMessage;
  readonly peers: Peers;
  /** Messages of a conversation. */
  readonly turns: number;
  readonly seed: number;
  /** @default as assumed of such bundles */
  readonly coldSeconds?: number;
}

/** The deployed application as a model of its queues and limits, and the customers before it. */
export class Service {
  readonly world: World;
  readonly customers: Customers;
  readonly queue: ChatQueue<Chat>;
  readonly poller: Poller<Received<Chat>>;
  readonly events: Background;
  readonly jobs: Background;
  /** Of all functions but the processor, together. */
  readonly unreserved: Places;
  readonly pools: Readonly<Record<'ingest' | 'processor' | 'events' | 'jobs', LambdaPool>>;

  constructor({ deployment, work, peers, turns, seed, ...options }: ServiceOptions) {
    const timeline = new Timeline();
    const switches: Switches = { isModelDown: false, isProcessorStopped: false };
    const limits = new PartLimits(deployment);
    const chance = new Chance(seed);
    this.world = { timeline, chance, deployment, work, peers, limits, switches, book: new Book() };
    this.unreserved = new Places(Math.max(1, deployment.concurrency - deployment.reserved));
    const pool = (places: Places) =>
      new LambdaPool({
        timeline,
        places,
        starts: new Bucket({
          perSecond: deployment.newEnvironmentsASecond,
          burst: deployment.newEnvironmentsAtOnce,
        }),
        coldSeconds: options.coldSeconds ?? ASSUMED.coldSeconds,
      });
    this.pools = {
      ingest: pool(this.unreserved),
      processor: pool(new Places(deployment.reserved)),
      events: pool(this.unreserved),
      jobs: pool(this.unreserved),
    };
    this.events = statusesOf(this.world, this.pools.events);
    this.jobs = memoriesOf(this.world, this.pools.jobs);
    this.queue = new ChatQueue<Chat>(deployment.inFlight, timeline, () => this.poller.poke());
    const processor = new Processor(this.world, this.queue, () => this.#answered());
    this.poller = new Poller({
      timeline,
      pool: this.pools.processor,
      ...deployment.processor,
      ramp: { from: deployment.pollersAtFirst, perSecond: deployment.pollersASecond },
      waiting: () => (switches.isProcessorStopped ? 0 : this.queue.waiting),
      receive: (most) => this.queue.receive(most),
      work: (batch, end) => processor.work(batch, end),
    });
    const front = new Front(this.world, this.pools.ingest, {
      message: (chat) => {
        chat.inbox.push({ acceptedAt: timeline.now });
        this.queue.ring(chat);
      },
      status: () => this.events.add(),
    });
    this.#deliverStatus = () => front.deliver(undefined);
    this.customers = new Customers(this.world, turns, (chat) => front.deliver(chat));
  }

  readonly #deliverStatus: () => void;

  #answered(): void {
    const { timeline, work, book } = this.world;
    book.count('replies');
    for (let status = 0; status < work.statuses; status += 1) {
      const seconds = ASSUMED.statusSeconds[status] ?? 0;
      timeline.after(seconds, () => this.#deliverStatus());
    }
    this.jobs.add();
  }
}
