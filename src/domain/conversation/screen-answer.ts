import { mapTexts } from '#domain/json.ts';
import { parseLanguage } from '#domain/tenant/manners-settings.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import { textsOf } from '#domain/tenant/texts-of.ts';
import type { Answer } from './answer.ts';
import { canaryOf, holdsCanary } from './canary.ts';
import { namesSomebodyElse } from './foreign-identifiers.ts';
import { decodedTexts, hiddenTexts } from './hidden-texts.ts';
import { HOUSE_RULES } from './instructions.ts';
import { withoutInvisible } from './invisible-text.ts';
import { linksElsewhere } from './links.ts';
import { outsideLine, outsideText } from './outside-text.ts';
import { withPlainDigits } from './plain-digits.ts';
import type { PromptMessage } from './prompt.ts';
import { holdsCardNumber, holdsSecret } from './secret-shapes.ts';
import { lettersOf, sharedRun } from './shared-run.ts';

/**
 * Why an answer is not sent:
 * - `canary`, `instructions`: it tells the assistant's instructions
 * - `secret`: it has a key or a token; `card-number`: a payment card's
 * - `identifier`: it names somebody else, or a number from nowhere
 * - `link`: it links to where the tenant allows no link
 * - `nothing-visible`: it has no words that anybody sees
 */
export type WithheldBecause =
  | 'canary'
  | 'instructions'
  | 'secret'
  | 'card-number'
  | 'identifier'
  | 'link'
  | 'nothing-visible';

export type Screened =
  | { readonly kind: 'passed'; readonly answer: Answer }
  | { readonly kind: 'withheld'; readonly because: WithheldBecause };

/** Where an answer comes from. */
interface AnswerSource {
  readonly tenant: Tenant;
  /** What the model was given beside the instructions. */
  readonly conversation: readonly PromptMessage[];
  /** Ids of the contact that it goes to. */
  readonly contact: readonly string[];
  /**
   * Its text as the customer sees it: notation that is not shown parts what belongs together, and an escape
   * stands for another letter.
   */
  readonly shown?: string | undefined;
}

/** Looks at everything that an answer says before any of it is kept, sent or carried out. */
export type ScreenAnswer = (answer: Answer, source: AnswerSource) => Screened;

/**
 * The last look at an answer. It trusts nothing that the model was told: whoever talked it into something
 * gets what is sent here, and not what it said. In words that the model made up itself a secret can still be
 * paraphrased; so none is ever given to it.
 */
export const screenAnswer: ScreenAnswer = (written, source) => {
  // What nobody sees could be told in it, and be read by whoever knows how.
  const answer = mapTexts(written, withoutInvisible);
  const { forgets, ...said } = answer;
  const { shown = said.text } = source;
  if ([said.text, shown].some((text) => text.trim() === '')) {
    return { kind: 'withheld', because: 'nothing-visible' };
  }
  const because =
    reasonAgainst(said, source) ??
    (shown === said.text ? undefined : reasonAgainst({ ...said, text: shown }, source));
  if (because) return { kind: 'withheld', because };
  const { handOver } = answer;
  return {
    kind: 'passed',
    answer: {
      ...answer,
      language: parseLanguage(answer.language),
      forgets: forgets.filter((id) => wasShown(id, source.conversation)),
      handOver: handOver && {
        reason: outsideLine(handOver.reason),
        summary: outsideText(handOver.summary, LONGEST_SUMMARY),
      },
    },
  };
};

const LONGEST_SUMMARY = 2_000;

function reasonAgainst(
  said: Omit<Answer, 'forgets'>,
  source: AnswerSource,
): WithheldBecause | undefined {
  const pieces = textsIn(said);
  return (
    reasonToWithhold([...pieces.values()].flat(), source) ??
    reasonToWithhold(joined(pieces), source)
  );
}

function reasonToWithhold(
  texts: readonly string[],
  { tenant, conversation, contact }: AnswerSource,
): WithheldBecause | undefined {
  const own = textsOf(tenant);
  const hidden = texts.flatMap(hiddenTexts);
  const canary = canaryOf(tenant.id);
  if (hidden.some((text) => holdsCanary(text, canary))) return 'canary';
  const instructions = lettersOf(tenant.instructions);
  if (hidden.some((text) => tellsInstructions(lettersOf(text), instructions))) {
    return 'instructions';
  }
  // Backwards, a number is another number.
  const told = texts.flatMap(decodedTexts).map(withPlainDigits);
  if (told.some(holdsSecret)) return 'secret';
  if (told.some(holdsCardNumber)) return 'card-number';
  const given = [...conversation.map(({ text }) => text), ...contact];
  const known = { own: own.map(withPlainDigits), given: given.map(withPlainDigits) };
  if (!mayReadNumbers(conversation) && told.some((text) => namesSomebodyElse(text, known))) {
    return 'identifier';
  }
  const { links } = tenant.manners;
  return links && texts.some((text) => linksElsewhere(text, links, own)) ? 'link' : undefined;
}

/** In a picture that it was shown: what stands there is in no text to compare with. */
function mayReadNumbers(conversation: readonly PromptMessage[]): boolean {
  return conversation.some((item) => 'images' in item);
}

/** Of the house rules a sentence is enough: no customer has a use for one. */
const RUN_OF_RULES = 60;
/** What the business says is there to be told, but not all of it at once. */
const RUN_OF_INSTRUCTIONS = 400;
const SHORTEST_INSTRUCTIONS = 80;

const RULES = lettersOf(HOUSE_RULES);

function tellsInstructions(text: string, own: string): boolean {
  if (sharedRun(text, RULES, RUN_OF_RULES) > 0) return true;
  const telling = Math.min(RUN_OF_INSTRUCTIONS, Math.floor(own.length * 0.9));
  return telling >= SHORTEST_INSTRUCTIONS && sharedRun(text, own, telling) > 0;
}

/** Every text in it by the name of its field, whatever fields an answer has. */
function textsIn(value: unknown, name = '', found = new Map<string, string[]>()) {
  if (typeof value === 'string') found.set(name, [...(found.get(name) ?? []), value]);
  if (typeof value !== 'object' || value === null) return found;
  for (const [key, each] of Object.entries(value)) {
    textsIn(each, Array.isArray(value) ? name : key, found);
  }
  return found;
}

/** What is told in pieces: on one button after the other, in all the fields together. */
function joined(pieces: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const several = [...pieces.values()].filter(({ length }) => length > 1);
  return [...several, [...pieces.values()].flat()].map((texts) => texts.join('\n'));
}

/** Whether the model was shown what it wants forgotten: an id from elsewhere is somebody else's. */
function wasShown(id: string, conversation: readonly PromptMessage[]): boolean {
  return conversation.some(
    ({ role, text }) =>
      role === 'data' && text.split('\n').some((line) => id !== '' && id === firstWordOf(line)),
  );
}

/** A line of what is remembered begins with the id of what it says. */
function firstWordOf(line: string): string | undefined {
  return /^[│\s[]*([\w#.:-]{1,128})/.exec(line)?.[1];
}
