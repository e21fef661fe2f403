import { type JsonObject, valueAt } from '#domain/json.ts';
import { type ModelAnswer, parseAnswer } from '#local/model/model-answer.ts';
import { formatName } from '#local/model/output-format.ts';
import type { ScriptedModel } from '#local/model/scripted-model.ts';
import { optionalWholeNumber } from './request-body.ts';
import { RequestError } from './request-error.ts';

const LONGEST_LATENCY_MS = 600_000;

/** `GET model`: who answers, and how slowly. */
export function describeModel(model: ScriptedModel | undefined): JsonObject {
  return model
    ? { kind: 'scripted', latency_ms: model.latencyMs, requests: model.asked }
    : { kind: 'openai' };
}

const MOST_SHOWN = 50;

/** `GET model-requests`: what the newest were given, oldest first, with every word. */
export function showModelRequests(model: ScriptedModel | undefined): JsonObject {
  const shown = (model?.requests ?? []).slice(-MOST_SHOWN);
  return {
    requests: shown.map(({ instructions, input, body }) => ({
      format: formatName(body) ?? null,
      instructions: instructions ?? null,
      input: input.map(({ role, text }) => ({ role: role ?? null, text })),
    })),
  };
}

/** `POST model`: `latency_ms`, and `answers` for the next requests. @throws RequestError 400 or 409 */
export function changeModel(model: ScriptedModel | undefined, body: JsonObject): JsonObject {
  if (!model) {
    throw new RequestError(
      409,
      'The real OpenAI answers; start without OPENAI_API_KEY to script it',
    );
  }
  const latencyMs = optionalWholeNumber(body, 'latency_ms', { min: 0, max: LONGEST_LATENCY_MS });
  const answers = readAnswers(valueAt(body, 'answers'));
  if (latencyMs !== undefined) model.latencyMs = latencyMs;
  model.enqueue(...answers);
  return describeModel(model);
}

function readAnswers(value: unknown): readonly ModelAnswer[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new RequestError(400, 'answers must be a list');
  return value.map((each, index) => {
    const answer = parseAnswer(each);
    if (answer) return answer;
    throw new RequestError(
      400,
      `answers[${index}] is not known; kinds are text, refusal, incomplete, failed, calls, error and insufficient-quota`,
    );
  });
}
