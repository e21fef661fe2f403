import type { Failure } from '#domain/failure.ts';
import type { TenantId } from '#domain/ids.ts';
import { Circuits, type CircuitsDeps } from './circuits.ts';
import type { MessageSender, SendResult } from './ports/message-sender.ts';
import type { ReplyModel } from './ports/reply-model.ts';

/** Peers behind circuit breakers: the model by its name, the Graph API by tenant. */
export interface GuardedPeers {
  readonly model: ReplyModel;
  readonly sender: MessageSender;
  /** What a send for this tenant would be refused with now, without being tried. */
  readonly sendRefusal: (tenant: TenantId) => Failure | undefined;
}

export interface UnguardedPeers {
  readonly model: ReplyModel;
  readonly sender: MessageSender;
}

/** One set for a process: what one chat has learned of a peer spares the others the same wait. */
export function guardPeers({ model, sender }: UnguardedPeers, deps: CircuitsDeps): GuardedPeers {
  const models = new Circuits('ModelCircuit', deps);
  const numbers = new Circuits('GraphCircuit', deps);
  return {
    model: guardModel(model, models),
    sender: guardSender(sender, numbers),
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

function guardSender(sender: MessageSender, circuits: Circuits): MessageSender {
  return {
    send: async (message) => {
      const key = message.tenantId;
      const refusal = circuits.refusal(key);
      if (refusal) return { kind: 'refused', failure: refusal };
      circuits.begin(key);
      const result = await sender.send(message);
      const failure = failureOfTheNumber(result);
      if (failure) circuits.failed(key, failure);
      else circuits.succeeded(key);
      return result;
    },
    showTyping: async (receipt) =>
      circuits.refusal(receipt.tenantId) ? false : sender.showTyping(receipt),
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
