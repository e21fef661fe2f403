import { z } from 'zod';
import type { JsonObject } from '#domain/json.ts';
import {
  DEFAULT_HAND_OVER,
  type HandOverSettings,
  HIGHEST_HAND_OVER,
} from '#domain/tenant/handover-settings.ts';
import {
  type BusinessHours,
  isLocale,
  isTimeZone,
  minutesOf,
  WEEKDAYS,
} from '#domain/tenant/hours.ts';
import { LONGEST_WORD, plainWords } from '#domain/tenant/opt-out.ts';

/** What a file says of when a person is asked for, and when one is there. */

function count(key: keyof typeof HIGHEST_HAND_OVER, least: number) {
  const words = `must be a whole number from ${least} to ${HIGHEST_HAND_OVER[key]}`;
  return z
    .number(words)
    .int(words)
    .min(least, words)
    .max(HIGHEST_HAND_OVER[key], words)
    .default(DEFAULT_HAND_OVER[key]);
}

const text = z.string().trim().min(1).max(1024);

const handOverSchema = z.strictObject({
  personWords: z
    .array(
      z
        .string()
        .trim()
        .max(LONGEST_WORD)
        .refine((word) => plainWords(word) !== '', 'must have a letter or digit'),
    )
    .max(200)
    .optional()
    .describe('Who sends one of these asks for a person; [] for none'),
  afterFailures: count('afterFailures', 0).describe(
    'A person is asked for after so many turns in a row without an answer; 0 for never',
  ),
  lowConfidence: z
    .enum(['off', 'flag', 'hand-over'])
    .default(DEFAULT_HAND_OVER.lowConfidence)
    .describe('What follows an answer that the model is not sure of'),
  personIdleMinutes: count('personIdleMinutes', 1).describe(
    'A person who does nothing for so long gives the chat back',
  ),
  waitingMinutes: count('waitingMinutes', 1).describe(
    'The assistant goes on if nobody takes the chat within so many minutes of opening hours',
  ),
  outsideHours: z
    .enum(['answer', 'silent'])
    .default(DEFAULT_HAND_OVER.outsideHours)
    .describe('What the assistant does while a chat waits and the business is closed'),
  personText: text.default(DEFAULT_HAND_OVER.personText).describe('Said to who asks for a person'),
  closedText: text
    .default(DEFAULT_HAND_OVER.closedText)
    .describe('The same while the business is closed; {opens} stands for when it opens'),
});

const TIME = 'must be a time such as "09:00", up to "24:00"';
const time = z.string(TIME).refine((value) => !Number.isNaN(minutesOf(value)), TIME);
const DATE = 'must be a date such as "2026-12-25"';
const times = z
  .array(z.strictObject({ from: time, to: time }))
  .max(10)
  .default([]);

const hoursSchema = z.strictObject({
  timeZone: z
    .string()
    .refine(isTimeZone, 'must be a time zone such as "Europe/Madrid"')
    .describe('IANA name'),
  locale: z
    .string()
    .refine(isLocale, 'must be a language such as "es" or "pt-BR"')
    .default('en')
    .describe('How times are written to customers'),
  week: z
    .strictObject({
      sun: times,
      mon: times,
      tue: times,
      wed: times,
      thu: times,
      fri: times,
      sat: times,
    })
    .describe('When somebody is there; a time that ends before it begins ends on the next day'),
  closed: z
    .array(z.string().regex(/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/, DATE))
    .max(400)
    .default([])
    .describe('Dates on which nobody comes'),
});

/** Keys of a tenant's file. */
export const handOverFileSchema = {
  handOver: handOverSchema.prefault({}).describe('When a person of the business takes over'),
  hours: hoursSchema.optional().describe('When people of the business are there; default: always'),
};

/** The keys of each level, for messages. */
export const HAND_OVER_KEYS: Readonly<Record<string, readonly string[]>> = {
  handOver: Object.keys(handOverSchema.shape),
  hours: Object.keys(hoursSchema.shape),
  'hours.week': WEEKDAYS,
};

interface HandOverInFile {
  readonly handOver: z.output<typeof handOverSchema>;
  readonly hours?: z.output<typeof hoursSchema> | undefined;
}

export function toHandOver({ handOver, hours }: HandOverInFile): {
  readonly handOver: HandOverSettings;
  readonly hours: BusinessHours | undefined;
} {
  return {
    handOver: { ...handOver, personWords: handOver.personWords },
    hours: hours && { ...hours, week: WEEKDAYS.map((day) => hours.week[day]) },
  };
}

/** As it is written in a file. */
export function handOverDocument({
  handOver: { personWords, ...handOver },
  hours,
}: {
  readonly handOver: HandOverSettings;
  readonly hours: BusinessHours | undefined;
}): JsonObject {
  const week = hours && WEEKDAYS.map((day, index) => [day, hours.week[index] ?? []] as const);
  return {
    handOver: { ...handOver, ...(personWords && { personWords }) },
    ...(hours &&
      week && {
        hours: {
          ...hours,
          week: Object.fromEntries(week.filter(([, each]) => each.length > 0)),
        },
      }),
  };
}
