import { messageBody } from '#adapters/whatsapp/graph-messages.ts';
import { classifySendError, isTokenRefused } from '#adapters/whatsapp/send-failure.ts';
import type {
  MessageSender,
  OutgoingMessage,
  ReadReceipt,
  SendResult,
} from '#app/ports/message-sender.ts';
import { type SecretSource, SecretUnavailableError } from '#app/ports/secret-source.ts';
import type { Environment } from '../cloud/environment.ts';
import type { PortCalls } from '../cloud/port-calls.ts';
import { pickAt } from '../pick-at.ts';
import type { CallFault } from '../plan/fault.ts';
import {
  CERTAIN_RETRIES,
  GIVES_UP,
  type GraphAnswer,
  NEEDS_FIX,
  PERHAPS_SENT,
  TOKEN_REFUSED,
} from './graph-answers.ts';
import type { SimulatedGraph } from './simulated-graph.ts';

export interface SimulatedSenderOptions {
  readonly graph: SimulatedGraph;
  readonly secrets: Pick<SecretSource, 'tenant' | 'refreshTenant'>;
  readonly environment: Environment;
  readonly calls: PortCalls;
  /** Told what came back, and what the adapter made of it. */
  readonly read: (message: OutgoingMessage, result: GraphResult, sendResult: SendResult) => void;
}

/** What came back, as the HTTP client tells it. */
export type GraphResult =
  | { readonly kind: 'accepted'; readonly wamid: string }
  | { readonly kind: 'no-wamid' }
  | { readonly kind: 'answered'; readonly answer: GraphAnswer }
  | { readonly kind: 'not-sent' | 'lost' }
  | { readonly kind: 'no-secret'; readonly needs: 'operator' | 'time' };

/** The way to the simulated Graph API, with the real classification of what it answers. */
export class SimulatedSender implements MessageSender {
  readonly #options: SimulatedSenderOptions;

  constructor(options: SimulatedSenderOptions) {
    this.#options = options;
  }

  async send(message: OutgoingMessage): Promise<SendResult> {
    if (!messageBody(message)) {
      return refused({ class: 'give-up-here', code: 'graph:no-recipient' });
    }
    const result = await this.#sendOnceOrTwice(message);
    const sendResult = read(result);
    this.#options.read(message, result, sendResult);
    return sendResult;
  }

  /** A refused token is fetched again, as the real sender does. */
  async #sendOnceOrTwice(message: OutgoingMessage): Promise<GraphResult> {
    try {
      const first = await this.#send(message);
      const isRefused =
        first.kind === 'answered' && isTokenRefused(first.answer.status, first.answer.body);
      if (!isRefused) return first;
      const isRefreshed = await this.#options.secrets.refreshTenant(message.tenantId);
      return isRefreshed ? await this.#send(message) : first;
    } catch (error) {
      if (!(error instanceof SecretUnavailableError)) throw error;
      return { kind: 'no-secret', needs: error.needs };
    }
  }

  async showTyping(receipt: ReadReceipt): Promise<boolean> {
    const { calls, environment, secrets } = this.#options;
    try {
      await secrets.tenant(receipt.tenantId);
    } catch {
      return false;
    }
    return calls.perform(environment, {
      name: 'graph.typing',
      args: [receipt],
      effect: () => true,
      failed: () => false,
      latencyMs: [50, 300],
      timeoutMs: receipt.timeoutMs,
    });
  }

  async #send(message: OutgoingMessage): Promise<GraphResult> {
    const { graph, secrets, environment, calls } = this.#options;
    const { accessToken } = await secrets.tenant(message.tenantId);
    return calls.perform<GraphResult>(environment, {
      name: 'graph.send',
      args: [message],
      effect: () => graph.take(message, accessToken),
      failed: failure,
      latencyMs: [80, 900],
      timeoutMs: message.timeoutMs,
    });
  }
}

function read(result: GraphResult): SendResult {
  switch (result.kind) {
    case 'accepted':
      return { kind: 'sent', wamid: result.wamid };
    case 'no-wamid':
      return { kind: 'ambiguous', code: 'graph:no-wamid' };
    case 'not-sent':
      return refused({ class: 'retry', code: 'graph:econnrefused' });
    case 'lost':
      return { kind: 'ambiguous', code: 'graph:timeout' };
    case 'no-secret':
      return result.needs === 'operator'
        ? refused({ class: 'fix-needed', code: 'graph:secret-needs-operator', remedy: 'token' })
        : refused({ class: 'retry', code: 'graph:secret-needs-time' });
    case 'answered': {
      const { status, body, retryAfter } = result.answer;
      return classifySendError(status, body, retryAfter);
    }
  }
}

function refused(failure: Extract<SendResult, { kind: 'refused' }>['failure']): SendResult {
  return { kind: 'refused', failure };
}

function failure(fault: CallFault, chance: number): GraphResult {
  switch (fault) {
    case 'throttle':
      return answered(pickAt(CERTAIN_RETRIES, chance));
    case 'error-after':
      // Sent, and yet no success.
      return chance < 0.2 ? { kind: 'no-wamid' } : answered(pickAt(PERHAPS_SENT, chance));
    case 'timeout-before':
      return { kind: chance < 0.4 ? 'not-sent' : 'lost' };
    case 'timeout-after':
      return { kind: 'lost' };
    default:
      return answered(pickAt(errorsFor(chance), (chance * 7919) % 1));
  }
}

function errorsFor(chance: number): readonly GraphAnswer[] {
  if (chance < 0.3) return CERTAIN_RETRIES;
  if (chance < 0.6) return PERHAPS_SENT;
  if (chance < 0.75) return NEEDS_FIX;
  return chance < 0.9 ? GIVES_UP : [TOKEN_REFUSED];
}

function answered(answer: GraphAnswer): GraphResult {
  return { kind: 'answered', answer };
}
