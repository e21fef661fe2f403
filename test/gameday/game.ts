import type { MetricIdentity } from '#local/cloudwatch/metric-point.ts';
import type { Measured } from '#local/cloudwatch/platform-metrics.ts';
import { type FaultPeer, parseFault } from '#local/faults.ts';
import type { Script } from '#local/model/scripted-model.ts';
import { replaceSecret } from '#local/put-secret.ts';
import type { LocalStack } from '#local/stack.ts';
import type { InboundRequest } from '#local/whatsapp/inbox.ts';
import { signedFetch } from '#test/support/sign-request.ts';
import { BAKERY, postWebhook, signatureOf, textWebhook } from '#test/support/webhooks.ts';

/** How long to wait for what happens here at all, in real time. */
const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 50;

interface PostOptions {
  readonly secret?: string;
  readonly path?: string;
}

/** What a scenario can do to a running stack. */
export class Game {
  readonly stack: LocalStack;
  /** A game minute in milliseconds of the clock on the wall. */
  readonly minuteMs: number;
  readonly #prefix: string;
  #customers = 0;
  #repeats: NodeJS.Timeout[] = [];
  readonly #faulty = new Set<FaultPeer>();
  #scriptBefore: Script | undefined;

  /** @param number of the scenario, so that no two have the same customers */
  constructor(stack: LocalStack, number: number) {
    this.stack = stack;
    this.minuteMs = 60_000 / stack.cloud.cloudWatch.pace.speed;
    this.#prefix = `3467${String(number).padStart(2, '0')}`;
  }

  /** A phone number that nobody had before. */
  customer(): string {
    this.#customers += 1;
    return `${this.#prefix}${String(this.#customers).padStart(5, '0')}`;
  }

  /** Now and every game minute, until the cure or until the stop that is returned. */
  everyMinute(act: () => unknown): () => void {
    return this.every(1, act);
  }

  every(minutes: number, act: () => unknown): () => void {
    const attempt = () => void Promise.resolve(act()).catch(() => undefined);
    attempt();
    const repeat = setInterval(attempt, minutes * this.minuteMs);
    this.#repeats.push(repeat);
    return () => clearInterval(repeat);
  }

  /** Ends what this scenario repeats and has armed; others that are played beside it go on. */
  end(): void {
    for (const repeat of this.#repeats.splice(0)) clearInterval(repeat);
    this.mend(...this.#faulty);
    if (this.#scriptBefore) this.stack.model.script = this.#scriptBefore;
    this.#scriptBefore = undefined;
  }

  /** These do as they should again. */
  mend(...peers: readonly FaultPeer[]): void {
    for (const peer of peers) this.stack.faults.disarm(peer);
  }

  /** A customer writes, and Meta delivers it, again and again where it has to. */
  write(request: Partial<InboundRequest> = {}): void {
    const text = request.message ? undefined : 'Are you there?';
    this.stack.world.receive({ to: BAKERY, from: this.customer(), text, ...request });
  }

  /** The words of new customers in one webhook. */
  words(count: number, to = BAKERY): string {
    const customers = Array.from({ length: count }, () => this.customer());
    return textWebhook(
      to,
      customers.map((from) => ({ id: `wamid.${from}`, from, text: 'Hello?' })),
    );
  }

  /** Posts a webhook once, signed by whatever secret. @returns its HTTP status */
  async post(body: string, { secret, path }: PostOptions = {}): Promise<number> {
    const headers = { 'x-hub-signature-256': signatureOf(body, secret) };
    return (await postWebhook(this.stack.url, body, headers, path)).status;
  }

  /** The bakery's program asks for its chats. @returns the HTTP status */
  async askBusinessApi(): Promise<number> {
    const url = `${this.stack.url}/chats`;
    const { region } = this.stack.cloud;
    const signer = {
      accessKeyId: 'LOCALBAKERY',
      secretAccessKey: 'local-bakery-secret',
      region,
    };
    return (await signedFetch({ method: 'GET', url }, signer)).status;
  }

  fault(peer: FaultPeer, text: string, times = 1): void {
    this.#faulty.add(peer);
    this.stack.faults.arm(peer, parseFault(text), times);
  }

  /** From now on, and until the cure. */
  lastingFault(peer: FaultPeer, text: string): void {
    this.fault(peer, text, 1_000_000);
  }

  /** The model says something else where this gives an answer. */
  script(script: Script): void {
    const { model } = this.stack;
    const before = model.script;
    this.#scriptBefore ??= before;
    model.script = (request) => script(request) ?? before(request);
  }

  /** Processes forget what they know of secrets, tenants and circuits. */
  restart(...functions: readonly string[]): void {
    for (const name of functions) this.stack.callers.killSome(name, 'idle', 1_000);
  }

  /** The full name of the queue that has this in its name. */
  queue(part: string): string {
    const names = this.stack.cloud.sqs.queueNames();
    const found = names.find((name) => name.includes(part));
    if (found === undefined) throw new Error(`None of the queues ${names.join(', ')} is ${part}`);
    return found;
  }

  async putSecret(name: string, value: Readonly<Record<string, unknown>>): Promise<void> {
    await replaceSecret(this.stack.cloud, name, value);
  }

  /** A data point that nothing here brings about. */
  measure(...measured: readonly Measured[]): void {
    this.stack.cloud.cloudWatch.measure(...measured);
  }

  /** As if days had passed since a metric had a value; in the next minute, which is one of the round. */
  async forget(metric: MetricIdentity): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, this.minuteMs));
    this.stack.cloud.cloudWatch.store.forget(metric);
  }

  /** Waits until no ring is under way, or waits to be. */
  untilAnswered(): Promise<void> {
    const chats = this.queue('ChatsQueue');
    return this.until('all are answered', () => this.stack.cloud.sqs.peek(chats).length === 0);
  }

  /** Waits for what has to happen here, whatever the alarms do. */
  async until(what: string, holds: () => boolean): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!holds()) {
      if (Date.now() > deadline) throw new Error(`In vain was waited until ${what}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }
}
