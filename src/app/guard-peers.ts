import type { Failure } from '#domain/failure.ts';
import type { TenantId } from '#domain/ids.ts';
import { Circuits, type CircuitsDeps } from './circuits.ts';
import type { FetchedMedium, MediaSource } from './ports/media-source.ts';
import type { MessageSender, SendResult } from './ports/message-sender.ts';
import type { ReplyModel } from './ports/reply-model.ts';
import type { Transcriber } from './ports/transcriber.ts';

/** Peers behind circuit breakers: the model by its name, the Graph API by tenant. */
export interface GuardedPeers {
  readonly model: ReplyModel;
  readonly sender: MessageSender;
  readonly source: MediaSource;
  readonly transcriber: Transcriber;
  /** What a send for this tenant would be refused with now, without being tried. */
  readonly sendRefusal: (tenant: TenantId) => Failure | undefined;
}

export type UnguardedPeers = Omit<GuardedPeers, 'sendRefusal'>;

/** One set for a process: what one chat has learned of a peer spares the others the same wait. */
export function guardPeers(
  { model, sender, source, transcriber }: UnguardedPeers,
  deps: CircuitsDeps,
): GuardedPeers {
  const models = new Circuits('ModelCircuit', deps);
  const numbers = new Circuits('GraphCircuit', deps);
  return {
    model: guardModel(model, models),
    sender: guardSender(sender, numbers, deps),
    source: guardSource(source, numbers, deps),
    transcriber: guardTranscriber(transcriber, models),
    sendRefusal: (tenant) => numbers.refusal(tenant),
  };
}

function guardModel(model: ReplyModel, circuits: Circuits): ReplyModel {
  return {
    reply: async (request) => {
      const key = request.model;
      const refusal = circuits.refusal(key);
      if (refusal) return { kind: 'failed', failure: refusal, isUntried: true };
      circuits.begin(key);
      const reply = await model.reply(request);
      if (reply.kind === 'failed' && isOfThePeer(reply.failure))
        circuits.failed(key, reply.failure);
      else circuits.succeeded(key);
      return reply;
    },
  };
}

/** A refusal of this one conversation says nothing about the next. */
function isOfThePeer(failure: Failure): boolean {
  return failure.class === 'retry' || failure.class === 'fix-needed';
}

function guardSender(
  sender: MessageSender,
  circuits: Circuits,
  { metrics }: CircuitsDeps,
): MessageSender {
  return {
    send: async (message) => {
      const key = message.tenantId;
      const refusal = circuits.refusal(key);
      if (refusal) return { kind: 'refused', failure: refusal };
      circuits.begin(key);
      const result = await sender.send(message);
      const failure = failureOfTheNumber(result);
      if (failure?.remedy === 'token') metrics.count('TokensRefused');
      if (failure) circuits.failed(key, failure);
      else circuits.succeeded(key);
      return result;
    },
    showTyping: async (receipt) =>
      circuits.refusal(receipt.tenantId) ? false : sender.showTyping(receipt),
  };
}

/** Files come from the same account: a token that is refused is refused for sends as well. */
function guardSource(
  source: MediaSource,
  circuits: Circuits,
  { metrics }: CircuitsDeps,
): MediaSource {
  return {
    fetch: async (wanted) => {
      const key = wanted.tenantId;
      const refusal = circuits.refusal(key);
      if (refusal) return { kind: 'failed', failure: refusal };
      const fetched = await source.fetch(wanted);
      const failure = failureOfTheToken(fetched);
      if (failure) {
        metrics.count('TokensRefused');
        circuits.failed(key, failure);
      }
      return fetched;
    },
  };
}

/** A server of files that is slow says nothing of sends. */
function failureOfTheToken(fetched: FetchedMedium): Failure | undefined {
  if (fetched.kind !== 'failed') return undefined;
  const { failure } = fetched;
  return failure.class === 'fix-needed' && failure.remedy === 'token' ? failure : undefined;
}

function guardTranscriber(transcriber: Transcriber, circuits: Circuits): Transcriber {
  return {
    transcribe: async (recording) => {
      const key = recording.model;
      const refusal = circuits.refusal(key);
      if (refusal) return { kind: 'failed', failure: refusal, isUntried: true };
      circuits.begin(key);
      const said = await transcriber.transcribe(recording);
      if (said.kind === 'failed' && isOfThePeer(said.failure)) circuits.failed(key, said.failure);
      else circuits.succeeded(key);
      return said;
    },
  };
}

/** What concerns every customer of the number; a customer who gets too many messages is no outage. */
function failureOfTheNumber(result: SendResult): Failure | undefined {
  switch (result.kind) {
    case 'sent':
      return undefined;
    case 'ambiguous':
      return { class: 'retry', code: result.code };
    case 'refused':
      break;
  }
  const { failure } = result;
  const isOne =
    (failure.class === 'retry' && !failure.isOfThePair) ||
    (failure.class === 'fix-needed' &&
      (failure.remedy === 'token' || failure.isOfTheAccount === true));
  return isOne ? failure : undefined;
}
