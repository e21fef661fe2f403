import { isObject, objectAt, textAt, valueAt } from '#domain/json.ts';
import type { ResponseRequest } from './response-request.ts';

export type Side = 'input' | 'output';

const MODES = ['score', 'block'];

/** What OpenAI refuses about `moderation` (openai 7.57.0, `ResponseCreateParams.Moderation`). */
export function moderationProblem(value: unknown): string | undefined {
  if (!isObject(value)) return 'expected an object';
  if (textAt(value, 'model') === undefined) return "'moderation.model' is missing";
  const policy = objectAt(value, 'policy') ?? {};
  const isOdd = (['input', 'output'] as const).some((side) => {
    const rule = valueAt(policy, side);
    return rule !== undefined && !MODES.includes(String(isObject(rule) && rule['mode']));
  });
  return isOdd ? `'moderation.policy' must have modes of ${MODES.join(' or ')}` : undefined;
}

/** Whether the request wants a flagged side stopped. */
export function isBlocked({ body }: ResponseRequest, flagged: readonly Side[]): boolean {
  const policy = objectAt(objectAt(body, 'moderation') ?? {}, 'policy') ?? {};
  return flagged.some((side) => objectAt(policy, side)?.['mode'] === 'block');
}

/** The `moderation` of a response; null where nobody asked for it. */
export function moderationOf({ body }: ResponseRequest, flagged: readonly Side[]): object | null {
  const asked = objectAt(body, 'moderation');
  if (!asked) return null;
  const result = (side: Side) => ({
    type: 'moderation_result',
    model: textAt(asked, 'model'),
    flagged: flagged.includes(side),
    categories: { harassment: flagged.includes(side) },
    category_scores: { harassment: flagged.includes(side) ? 0.97 : 0.01 },
    category_applied_input_types: { harassment: ['text'] },
  });
  return { input: result('input'), output: result('output') };
}
