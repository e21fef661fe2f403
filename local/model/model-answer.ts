import { KNOWN } from '#domain/conversation/framed.ts';
import { isObject, type JsonObject, listAt, objectAt, textAt } from '#domain/json.ts';
import type { Side } from './moderation.ts';
import type { InputItem } from './response-request.ts';

/** An answer that comes as a response object with HTTP 200. */
export type SpokenAnswer =
  | {
      readonly kind: 'text';
      readonly text: string;
      /** What a structured reply says beside its words. */
      readonly fields?: JsonObject | undefined;
      /** What moderation finds, where the request asks for it. */
      readonly flagged?: readonly Side[] | undefined;
    }
  | { readonly kind: 'refusal'; readonly text: string }
  | {
      readonly kind: 'incomplete';
      readonly reason: 'max_output_tokens' | 'content_filter';
      readonly text: string;
    }
  /** `status: failed` */
  | { readonly kind: 'failed'; readonly code: string }
  | { readonly kind: 'calls'; readonly calls: readonly FunctionCall[] };

/** What the model says to one request; the last two are HTTP errors. */
export type ModelAnswer =
  | SpokenAnswer
  | { readonly kind: 'error'; readonly status: number }
  | { readonly kind: 'insufficient-quota' };

interface FunctionCall {
  readonly name: string;
  /** JSON text. */
  readonly arguments: string;
}

/** The customer's messages that this request asks to answer: the user items after the last reply. */
function turnTexts(input: readonly InputItem[]): readonly string[] {
  const lastReply = input.findLastIndex(({ role }) => role === 'assistant');
  return input
    .slice(lastReply + 1)
    .filter(({ role, text }) => role === 'user' && !text.startsWith(`⟦${KNOWN}`))
    .map(({ text }) => text);
}

/** Echoes the turn, so that a test can tell which messages a reply covers. */
export function defaultAnswer(input: readonly InputItem[]): ModelAnswer {
  return { kind: 'text', text: `You said: ${turnTexts(input).join(' / ')}` };
}

/** Reads an answer as programs give it to the simulator's API; undefined for what is none. */
export function parseAnswer(value: unknown): ModelAnswer | undefined {
  if (!isObject(value)) return undefined;
  const text = textAt(value, 'text') ?? '';
  switch (value['kind']) {
    case 'text':
      // Empty is what a model sometimes says; forgotten is a mistake.
      return typeof value['text'] === 'string'
        ? { kind: 'text', text, fields: objectAt(value, 'fields'), ...flagsOf(value) }
        : undefined;
    case 'refusal':
      return text === '' ? undefined : { kind: 'refusal', text };
    case 'incomplete': {
      const reason = value['reason'] ?? 'max_output_tokens';
      if (reason !== 'max_output_tokens' && reason !== 'content_filter') return undefined;
      return { kind: 'incomplete', reason, text };
    }
    case 'failed':
      return { kind: 'failed', code: textAt(value, 'code') ?? 'server_error' };
    case 'calls':
      return parseCalls(value);
    case 'error': {
      const status = value['status'];
      if (typeof status !== 'number' || status < 400 || status > 599) return undefined;
      return { kind: 'error', status };
    }
    case 'insufficient-quota':
      return { kind: 'insufficient-quota' };
    default:
      return undefined;
  }
}

function flagsOf(value: JsonObject): { readonly flagged?: readonly Side[] } {
  const flagged = SIDES.filter((side) => listAt(value, 'flagged').includes(side));
  return flagged.length > 0 ? { flagged } : {};
}

const SIDES: readonly Side[] = ['input', 'output'];

function parseCalls(value: JsonObject): ModelAnswer | undefined {
  const calls = listAt(value, 'calls')
    .filter(isObject)
    .map((call) => ({
      name: textAt(call, 'name') ?? '',
      arguments: textAt(call, 'arguments') ?? '{}',
    }));
  if (calls.length === 0 || calls.some(({ name }) => name === '')) return undefined;
  return { kind: 'calls', calls };
}
