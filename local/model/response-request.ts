import { isObject, type JsonObject, textAt, valueAt } from '#domain/json.ts';
import { EFFORTS } from '#domain/tenant/manners-settings.ts';
import { readInputItem } from './input-item.ts';
import { invalidRequest } from './model-error.ts';
import { moderationProblem } from './moderation.ts';
import { formatProblem } from './output-format.ts';

/** One item of the conversation that a request carries. */
export interface InputItem {
  readonly role: 'user' | 'assistant' | 'system' | 'developer' | undefined;
  /** `message`, `function_call`, `function_call_output`, `reasoning`, … */
  readonly type: string;
  readonly text: string;
}

/** A request to `POST /v1/responses` that OpenAI would take. */
export interface ResponseRequest {
  readonly model: string;
  readonly instructions: string | undefined;
  /** Stable per end user, where the caller gives one. */
  readonly safetyIdentifier: string | undefined;
  readonly input: readonly InputItem[];
  /** The body as it came. */
  readonly body: JsonObject;
}

/** Parameters of `POST /v1/responses`. Source: openai 7.57.0, `ResponseCreateParamsBase`. */
const PARAMETERS: readonly string[] = [
  'access_programs',
  'background',
  'context_management',
  'conversation',
  'include',
  'input',
  'instructions',
  'max_output_tokens',
  'max_tool_calls',
  'metadata',
  'model',
  'moderation',
  'parallel_tool_calls',
  'previous_response_id',
  'prompt',
  'prompt_cache_key',
  'prompt_cache_options',
  'prompt_cache_retention',
  'reasoning',
  'safety_identifier',
  'service_tier',
  'store',
  'stream',
  'stream_options',
  'temperature',
  'text',
  'tool_choice',
  'tools',
  'top_logprobs',
  'top_p',
  'truncation',
  'user',
];

/** Parameters that would need what the scripted model does not keep or do. */
const UNSUPPORTED: Readonly<Record<string, string>> = {
  background: 'The scripted model does not answer in the background.',
  conversation: 'The scripted model stores no conversations.',
  previous_response_id: 'The scripted model stores no responses: send the history as input.',
  prompt: 'The scripted model stores no prompts.',
  stream: 'The scripted model does not stream.',
};

type Check = (value: unknown) => string | undefined;

/** What else OpenAI checks; each gives the complaint. */
const CHECKS: Readonly<Record<string, Check>> = {
  instructions: (value) => text(value),
  safety_identifier: (value) => text(value, 128),
  prompt_cache_key: (value) => text(value, 128),
  user: (value) => text(value),
  store: (value) => (typeof value === 'boolean' ? undefined : 'expected a boolean'),
  parallel_tool_calls: (value) => (typeof value === 'boolean' ? undefined : 'expected a boolean'),
  max_output_tokens: (value) => whole(value, 16),
  max_tool_calls: (value) => whole(value, 1),
  temperature: (value) => between(value, 2),
  top_p: (value) => between(value, 1),
  include: (value) => (Array.isArray(value) ? undefined : 'expected an array'),
  tools: (value) => (Array.isArray(value) ? undefined : 'expected an array'),
  metadata: (value) =>
    isObject(value) && Object.keys(value).length <= 16
      ? undefined
      : 'expected an object with at most 16 keys',
  text: formatProblem,
  reasoning: reasoningProblem,
  moderation: moderationProblem,
};

function reasoningProblem(value: unknown): string | undefined {
  if (!isObject(value)) return 'expected an object';
  const effort = valueAt(value, 'effort');
  const isKnown = effort === undefined || EFFORTS.some((each) => each === effort);
  return isKnown ? undefined : `'reasoning.effort' must be one of ${EFFORTS.join(', ')}`;
}

/** @throws ModelError with status 400 as OpenAI would refuse the body */
export function readResponseRequest(bytes: Buffer): ResponseRequest {
  const body = parse(bytes);
  for (const [name, value] of Object.entries(body)) checkParameter(name, value);
  const model = valueAt(body, 'model');
  if (typeof model !== 'string' || model === '') throw missing('model');
  const input = valueAt(body, 'input');
  if (input === undefined || input === null) throw missing('input');
  return {
    model,
    instructions: textAt(body, 'instructions'),
    safetyIdentifier: textAt(body, 'safety_identifier'),
    input: readInput(input),
    body,
  };
}

function parse(bytes: Buffer): JsonObject {
  try {
    const body: unknown = JSON.parse(bytes.toString());
    if (isObject(body)) return body;
  } catch {
    // Falls through: OpenAI says the same of both.
  }
  throw invalidRequest({
    message: 'We could not parse the JSON body of your request.',
    param: 'body',
    code: 'invalid_json',
  });
}

function checkParameter(name: string, value: unknown): void {
  if (!PARAMETERS.includes(name)) {
    throw invalidRequest({
      message: `Unknown parameter: '${name}'.`,
      param: name,
      code: 'unknown_parameter',
    });
  }
  if (value === null || value === undefined) return;
  const unsupported = Object.hasOwn(UNSUPPORTED, name) ? UNSUPPORTED[name] : undefined;
  if (unsupported !== undefined && value !== false) {
    throw invalidRequest({ message: unsupported, param: name, code: 'unsupported_parameter' });
  }
  const complaint = Object.hasOwn(CHECKS, name) ? CHECKS[name]?.(value) : undefined;
  if (complaint === undefined) return;
  throw invalidRequest({
    message: `Invalid value for '${name}': ${complaint}.`,
    param: name,
    code: 'invalid_value',
  });
}

function readInput(input: unknown): readonly InputItem[] {
  if (typeof input === 'string' && input !== '') {
    return [{ role: 'user', type: 'message', text: input }];
  }
  if (Array.isArray(input) && input.length > 0) return input.map(readInputItem);
  throw invalidRequest({
    message: "Invalid type for 'input': expected a non-empty string or array of input items.",
    param: 'input',
    code: 'invalid_type',
  });
}

function missing(name: string): Error {
  return invalidRequest({
    message: `Missing required parameter: '${name}'.`,
    param: name,
    code: 'missing_required_parameter',
  });
}

function text(value: unknown, max = Number.POSITIVE_INFINITY): string | undefined {
  return typeof value === 'string' && value.length <= max
    ? undefined
    : `expected a string${Number.isFinite(max) ? ` of at most ${max} characters` : ''}`;
}

function whole(value: unknown, min: number): string | undefined {
  return Number.isInteger(value) && Number(value) >= min
    ? undefined
    : `expected an integer of at least ${min}`;
}

function between(value: unknown, max: number): string | undefined {
  return typeof value === 'number' && value >= 0 && value <= max
    ? undefined
    : `expected a number between 0 and ${max}`;
}
