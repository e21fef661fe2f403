import { InMemoryConversations } from '#adapters/in-memory/in-memory-conversations.ts';
import { InMemoryMediaStore } from '#adapters/in-memory/in-memory-media-store.ts';
import { markdownItReader } from '#adapters/markdown/markdown-it-reader.ts';
import { followUpOf } from '#adapters/whatsapp/delivery-failure.ts';
import { answerChat, type ChatWork } from '#app/answer-chat.ts';
import type { ChatOutcome } from '#app/chat-outcome.ts';
import type { Pseudonyms } from '#app/ports/pseudonyms.ts';
import type { ReceivedRing } from '#app/ports/queues.ts';
import { type ProcessRingsDeps, processRings } from '#app/process-rings.ts';
import { Room } from '#app/room.ts';
import type { Command } from '#domain/conversation/command.ts';
import { inboundKey, type StoredInbound } from '#domain/conversation/message.ts';
import type { Failure } from '#domain/failure.ts';
import type { Chat } from '#domain/ids.ts';
import { MOST_BYTES_AT_ONCE } from '#domain/media/limits.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import type { InboundMessage } from '#domain/whatsapp/inbound-message.ts';
import type { ReceiveEventsDeps } from '#lambdas/events/receive-events.ts';
import { classifyAwsError } from '#runtime/aws-failure.ts';
import { aChat, aTenant } from './builders.ts';
import { ScriptedDocuments, ScriptedSource, ScriptedTranscriber } from './media-peers.ts';
import {
  CountedIds,
  RecordingBell,
  RecordingJobs,
  RecordingRingBox,
  ScriptedLedger,
  ScriptedModel,
  ScriptedSender,
} from './peers.ts';
import { ManualClock, ManualPauses, RecordingLog, RecordingMetrics } from './recorders.ts';

const PSEUDONYMS: Pseudonyms = {
  ofChat: () => 'a chat',
  ofMessage: () => 'a message',
  ofWamid: () => 'a bubble',
};

/** The processor's application on in-memory ports, with peers that a test can script. */
export class ChatWorld {
  readonly model = new ScriptedModel();
  readonly sender = new ScriptedSender();
  readonly source = new ScriptedSource();
  readonly transcriber = new ScriptedTranscriber();
  readonly documents = new ScriptedDocuments();
  readonly bell = new RecordingBell();
  readonly ringBox = new RecordingRingBox();
  readonly jobs = new RecordingJobs();
  readonly ids = new CountedIds();
  readonly clock = new ManualClock();
  readonly media = new InMemoryMediaStore(this.clock);
  readonly pauses = new ManualPauses();
  readonly room = new Room(MOST_BYTES_AT_ONCE, this.pauses);
  readonly store = new InMemoryConversations(this.clock);
  readonly ledger = new ScriptedLedger();
  readonly log = new RecordingLog();
  readonly metrics = new RecordingMetrics();
  tenant: Tenant | 'misconfigured' | undefined = aTenant();
  sendRefusal: Failure | undefined;
  /** When restored tables began to serve. */
  restoredUntilMs: number | undefined;
  /** What is left of the invocation. */
  remainingMs = 40_000;

  get deps(): ProcessRingsDeps {
    return {
      store: this.store,
      memories: this.store.memories,
      ids: this.ids,
      model: this.model,
      ledger: this.ledger,
      defaultModel: 'gpt-6-luna',
      turnsPerMinute: undefined,
      restoredUntilMs: this.restoredUntilMs,
      sender: this.sender,
      source: this.source,
      transcriber: this.transcriber,
      documents: this.documents,
      media: this.media,
      room: this.room,
      transcriptionModel: 'gpt-transcribe',
      bell: this.bell,
      rings: this.ringBox,
      jobs: this.jobs,
      clock: this.clock,
      pauses: this.pauses,
      markdown: markdownItReader,
      log: this.log,
      metrics: this.metrics,
      random: { next: () => 0.5 },
      pseudonyms: PSEUDONYMS,
      tenants: { findByPhoneNumber: async () => this.tenant },
      sendRefusal: () => this.sendRefusal,
      classifyFailure: classifyAwsError,
      answerDeadlineMs: 180_000,
      maxReceiveCount: 10,
    };
  }

  readonly eventsDeferred: string[] = [];

  /** What the events function has. */
  get eventsDeps(): ReceiveEventsDeps {
    const { store, ledger, bell, clock, log, metrics } = this;
    return {
      deliveries: store,
      inbox: store,
      tenants: { findByPhoneNumber: async () => this.tenant },
      ledger,
      turnsPerMinute: undefined,
      preferences: store,
      bell,
      pseudonyms: PSEUDONYMS,
      followUpOf,
      clock,
      log,
      metrics,
      random: { next: () => 0.5 },
      envelopes: {
        defer: async (envelopes) => {
          this.eventsDeferred.push(...envelopes.map(({ receiptHandle }) => receiptHandle));
        },
      },
    };
  }

  async accept(...messages: readonly InboundMessage[]): Promise<void> {
    await this.store.accept(
      messages.map((message, position) => ({
        message,
        acceptedAtMs: this.clock.now(),
        position,
        correlationId: 'request-1',
      })),
    );
  }

  answer(
    chat: Chat = aChat(),
    over: { attempt?: number; earlierTry?: ChatWork['earlierTry']; rung?: string[] } = {},
  ): Promise<ChatOutcome> {
    return answerChat(
      {
        chat,
        rung: new Set(over.rung ?? []),
        attempt: over.attempt ?? 1,
        earlierTry: over.earlierTry ?? ((over.attempt ?? 1) === 1 ? 'none' : 'unknown'),
        receivedAtMs: this.clock.now(),
        correlationId: 'request-1',
        time: { remainingMs: () => this.remainingMs },
      },
      this.deps,
    );
  }

  process(rings: readonly ReceivedRing[]): Promise<readonly string[]> {
    return processRings(rings, { remainingMs: () => this.remainingMs }, () => this.deps);
  }

  /** The texts that reached the customer, in order. */
  get texts(): readonly string[] {
    return this.sender.delivered.map(({ text }) => text);
  }

  /** Of the customer's messages. */
  outcomes(chat: Chat = aChat()): readonly string[] {
    return this.#outcomesOf(chat, (command) => command === undefined);
  }

  /** Of what somebody of the business wanted; timers are left out. */
  commandOutcomes(chat: Chat = aChat()): readonly string[] {
    return this.#outcomesOf(chat, (command) => command !== undefined && command.kind !== 'idle');
  }

  #outcomesOf(chat: Chat, isWanted: (command: Command | undefined) => boolean): readonly string[] {
    return this.store
      .transcript(chat)
      .filter((each): each is StoredInbound => each.direction === 'in')
      .filter(({ message }) => isWanted(message.command))
      .map(({ progress }) => (progress.kind === 'finished' ? progress.outcome : progress.kind));
  }
}

export function aRing(message: InboundMessage, over: Partial<ReceivedRing> = {}): ReceivedRing {
  const key = inboundKey(message);
  return {
    ring: { chat: message.chat, messageKey: key, number: 0, correlationId: 'request-1' },
    receiptHandle: `receipt ${key}`,
    messageId: `id ${key}`,
    receiveCount: 1,
    firstReceivedAtMs: 0,
    ...over,
  };
}
