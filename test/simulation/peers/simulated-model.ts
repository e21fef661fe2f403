import { isWorthAnotherTry, NO_API_KEY } from '#adapters/openai/model-failure.ts';
import type { ModelReply, ModelRequest, ReplyModel } from '#app/ports/reply-model.ts';
import { type SecretSource, SecretUnavailableError } from '#app/ports/secret-source.ts';
import type { FailureClass } from '#domain/failure.ts';
import type { Environment } from '../cloud/environment.ts';
import type { PortCalls } from '../cloud/port-calls.ts';
import { POISON, tokensIn } from '../people.ts';
import { pickAt } from '../pick-at.ts';
import type { CallFault } from '../plan/fault.ts';
import {
  completed,
  MODEL_ERRORS,
  MODEL_THROTTLES,
  MODEL_TIMEOUT,
  type ModelAnswer,
} from './model-answers.ts';
import { extrasFor } from './reply-extras.ts';

export interface SimulatedModelOptions {
  readonly secrets: Pick<SecretSource, 'platform'>;
  readonly environment: Environment;
  readonly calls: PortCalls;
  readonly asked: (environment: Environment, request: ModelRequest) => void;
  readonly answered: (
    environment: Environment,
    request: ModelRequest,
    reply: ModelReply,
    /** What the documentation says a failure means; undefined for a text. */
    means: FailureClass | undefined,
  ) => void;
  /** How much is said in answer to messages of which this is the first. */
  readonly lengthOf: (firstMessage: number) => number;
}

interface Answer {
  readonly reply: ModelReply;
  readonly means: FailureClass | undefined;
}

/**
 * The Responses API: answers with the tokens of the messages that it was shown last. The adapter before it
 * has a bug, which poison meets.
 */
export class SimulatedModel implements ReplyModel {
  readonly #options: SimulatedModelOptions;

  constructor(options: SimulatedModelOptions) {
    this.#options = options;
  }

  async reply(request: ModelRequest): Promise<ModelReply> {
    const { environment, asked, answered } = this.#options;
    if (request.conversation.some(({ text }) => text.includes(POISON))) {
      throw new TypeError('the adapter cannot put this into a request');
    }
    asked(environment, request);
    let answer = await this.#ask(request);
    if (answer.reply.kind === 'failed' && isWorthAnotherTry(answer.reply.failure)) {
      answer = await this.#ask(request);
    }
    answered(environment, request, answer.reply, answer.means);
    return answer.reply;
  }

  async #ask(request: ModelRequest): Promise<Answer> {
    const { secrets, environment, calls, lengthOf } = this.#options;
    try {
      const { openAiApiKey } = await secrets.platform();
      if (!openAiApiKey) {
        return { reply: { kind: 'failed', failure: NO_API_KEY }, means: 'fix-needed' };
      }
    } catch (error) {
      if (!(error instanceof SecretUnavailableError)) throw error;
      const failure = { class: 'retry', code: 'openai:secret-needs-time' } as const;
      return { reply: { kind: 'failed', failure }, means: 'retry' };
    }
    return calls.perform<Answer>(environment, {
      name: 'model.reply',
      args: [request],
      effect: () => ({
        reply: completed(textFor(request, lengthOf), {
          ...extrasFor(currentTokens(request)),
          forgets: forgetsOf(request),
        }),
        means: undefined,
      }),
      failed,
      latencyMs: [900, 6_000],
      timeoutMs: request.timeoutMs,
    });
  }
}

function failed(fault: CallFault, chance: number): Answer {
  const answer = answerTo(fault, chance);
  return { reply: answer.reply(), means: answer.means };
}

function answerTo(fault: CallFault, chance: number): ModelAnswer {
  if (fault === 'throttle') return pickAt(MODEL_THROTTLES, chance);
  return fault.startsWith('timeout') ? MODEL_TIMEOUT : pickAt(MODEL_ERRORS, chance);
}

const FILLER = `${'All of this is as you wish it to be and more besides. '.repeat(28).trim()}\n\n`;

function textFor(request: ModelRequest, lengthOf: SimulatedModelOptions['lengthOf']): string {
  const tokens = currentTokens(request);
  const [first = 0] = tokens;
  const names = request.conversation
    .slice(lastReplyIn(request) + 1)
    .filter(({ role }) => role !== 'data')
    .flatMap(({ text }) => text.match(/«[^»]+»/g) ?? []);
  return `Reply to ${names.join(' ')}. ${FILLER.repeat(lengthOf(first))}`;
}

/** What the model is told of the customer, by its id; each line of it is marked as data. */
export function notesIn({ conversation }: ModelRequest): ReadonlyMap<string, string> {
  const notes = conversation
    .filter(({ role }) => role === 'data')
    .flatMap(({ text }) => [...text.matchAll(/^│ \[(\w+)\] (.*(?:\n│ [^[].*)*)/gm)]);
  return new Map(notes.map(([, id = '', words = '']) => [id, words]));
}

/** Now and then a customer wants what is remembered forgotten. */
function forgetsOf(request: ModelRequest): readonly string[] {
  const [first = 0] = currentTokens(request);
  if (first % 4 !== 1) return [];
  return [...notesIn(request).keys()].slice(0, 2);
}

function lastReplyIn({ conversation }: ModelRequest): number {
  return conversation.findLastIndex(({ role }) => role === 'assistant' || role === 'person');
}

/** Ids of what stands after our last reply, in the prompt's order. */
export function currentTokens(request: ModelRequest): readonly number[] {
  return request.conversation
    .slice(lastReplyIn(request) + 1)
    .filter(({ role }) => role !== 'data')
    .flatMap(({ text }) => tokensIn(text).map(({ id }) => id));
}
