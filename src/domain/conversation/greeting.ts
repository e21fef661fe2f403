import type { Bubble } from './bubble.ts';
import { bubblesOf, TEXT_LIMIT } from './reply-parts.ts';

/** Of a bubble with something to tap (Cloud API, interactive messages). */
const CHOICES_LIMIT = 1_024;

/** With a greeting before the first words: in the same bubble where it fits, since each is billed. */
export function greeted(bubbles: readonly Bubble[], greeting: string): readonly Bubble[] {
  const [first, ...rest] = bubbles;
  if (!first) return bubblesOf(greeting);
  const text = `${greeting}\n\n${first.text}`;
  const limit = first.choices ? CHOICES_LIMIT : TEXT_LIMIT;
  return text.length <= limit
    ? [{ ...first, text }, ...rest]
    : [...bubblesOf(greeting), ...bubbles];
}
