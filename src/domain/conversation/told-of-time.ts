import { type BusinessHours, dayInWords, openingInWords, opensAtMs } from '#domain/tenant/hours.ts';
import type { PromptMessage } from './prompt.ts';

/**
 * What day it is where the business is, and whether its people are there: a model has no clock. To the day
 * and no finer, since this comes first, and what follows is in the provider's cache for as long as it is the
 * same. A business that has not said where it is gets nothing.
 */
export function toldOfTime(
  hours: BusinessHours | undefined,
  nowMs: number,
): readonly PromptMessage[] {
  if (!hours) return [];
  const opensMs = opensAtMs(hours, nowMs);
  const lines = [
    `Today is ${dayInWords(hours, nowMs)} where the business is (${hours.timeZone}).`,
    opensMs === nowMs
      ? 'People of the business are there now.'
      : opensMs !== undefined &&
        `Nobody of the business is there now. They are back on ${openingInWords(hours, opensMs)}.`,
  ];
  return [{ role: 'data', text: lines.filter(Boolean).join('\n') }];
}
