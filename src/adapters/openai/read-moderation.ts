import type { Moderated } from '#app/ports/reply-model.ts';
import { isObject, type JsonObject, listAt, objectAt } from '#domain/json.ts';

const SIDES: readonly Moderated[] = ['input', 'output'];

/** What the moderation of a response says. */
export interface ModerationResult {
  readonly flagged: readonly Moderated[];
  /** Both what was said and what is answered were looked at. */
  readonly isWhole: boolean;
}

/** `moderation` of a response, or of its messages, where some versions of the API have it. */
export function readModeration(response: JsonObject): ModerationResult {
  const holders = [response, ...listAt(response, 'output').filter(isObject)];
  const found = holders
    .map((each) => objectAt(each, 'moderation'))
    .filter((each) => each !== undefined);
  const results = (side: Moderated) =>
    found
      .map((each) => objectAt(each, side))
      .filter((each) => each !== undefined && typeof each['flagged'] === 'boolean');
  return {
    flagged: SIDES.filter((side) => results(side).some((each) => each?.['flagged'] === true)),
    isWhole: SIDES.every((side) => results(side).length > 0),
  };
}
