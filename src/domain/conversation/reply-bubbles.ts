import { fittingChoices } from '#domain/whatsapp/fitting-choices.ts';
import type { Bubble } from './bubble.ts';
import type { Choices } from './choices.ts';
import { bubbleInWords } from './choices-in-words.ts';
import { bubblesOf } from './reply-parts.ts';

/**
 * A reply as bubbles. What can be tapped is beneath the last one, where the customer is when they have read
 * it all; choices that do not fit there are said in words, since a bubble of their own would be billed. A
 * quotation is above the first.
 */
export function replyBubbles(
  text: string,
  {
    choices,
    quotes,
  }: { readonly choices: Choices | undefined; readonly quotes: string | undefined },
): readonly Bubble[] {
  const bubbles = withChoices(text, choices);
  const [first, ...rest] = bubbles;
  return first && quotes !== undefined ? [{ ...first, quotes }, ...rest] : bubbles;
}

function withChoices(text: string, choices: Choices | undefined): readonly Bubble[] {
  const bubbles = bubblesOf(text);
  const last = bubbles.at(-1);
  if (!choices || !last) return bubbles;
  const fitting = fittingChoices(choices, last.text);
  return fitting
    ? [...bubbles.slice(0, -1), { ...last, choices: fitting }]
    : bubblesOf(bubbleInWords({ text, choices }));
}
