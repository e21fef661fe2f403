import { HOUSE_RULES } from '#domain/conversation/instructions.ts';
import type { JsonObject } from '#domain/json.ts';
import { type Answer, json, reset } from '#test/support/loopback-peer.ts';
import type { Trouble } from './steps.ts';
import { isForMemory } from './witness.ts';

/** The worst model there is: says everything that it was told. */
export function echo(body: JsonObject): Answer {
  const input = body['input'] as { readonly content: unknown }[];
  const said = input
    .map(({ content }) => (typeof content === 'string' ? content : JSON.stringify(content)))
    .join('\n');
  const text = isForMemory(body)
    ? JSON.stringify(remembered(said))
    : [ownPart(body['instructions']), said].join('\n');
  return json(200, {
    status: 'completed',
    output: [{ type: 'message', content: [{ type: 'output_text', text: text.slice(0, 3_000) }] }],
    usage: { input_tokens: 1, output_tokens: 1 },
  });
}

/** The rules of the house are the same for all: what is a tenant's own comes after them. */
function ownPart(instructions: unknown): string {
  return String(instructions).slice(HOUSE_RULES.length);
}

/** Remembers each line, whoever said it. */
function remembered(data: string): JsonObject {
  const about = { category: 'other', confidence: 'high', retention: 'long', source: 0 };
  const facts = data
    .split('\n')
    .filter((line) => /^\d+\. /.test(line))
    .map((text) => ({ ...about, text: text.slice(0, 200), repeats: null, replaces: [] }));
  return { profile: { name: null, language: null, preferences: null }, facts, summary: data };
}

export type ModelTrouble = Extract<Trouble, `model-${string}`>;
export type GraphTrouble = Extract<Trouble, `graph-${string}`>;

/** Peers repeat in their errors what they were sent. */
export function modelTrouble(trouble: ModelTrouble, body: JsonObject): Answer {
  const message = JSON.stringify(body);
  switch (trouble) {
    case 'model-refusal':
      return json(400, { error: { code: 'invalid_prompt', message } });
    case 'model-busy':
      return json(429, { error: { code: 'rate_limit_exceeded', message } });
  }
}

export function graphTrouble(trouble: GraphTrouble, body: JsonObject): Answer {
  const message = JSON.stringify(body);
  switch (trouble) {
    case 'graph-token':
      return json(401, { error: { code: 190, message } });
    case 'graph-refusal':
      return json(400, { error: { code: 131026, message } });
    case 'graph-reset':
      return reset;
  }
}
