import { type Answer, plainAnswer } from '#domain/conversation/answer.ts';
import { readChoices } from '#domain/conversation/choices.ts';
import { type JsonObject, listAt, numberAt, objectAt, textAt } from '#domain/json.ts';
import {
  listOf,
  NOTHING,
  parseFields,
  strictObject,
  TEXT,
  TEXT_OR_NOTHING,
} from './strict-schema.ts';

const BUTTON = strictObject({ id: TEXT, title: TEXT });
const ROW = strictObject({ id: TEXT, title: TEXT, description: TEXT_OR_NOTHING });
const SECTION = strictObject({ title: TEXT_OR_NOTHING, rows: listOf(ROW) });

/** The shape of an answer, as Structured Outputs wants it: every property required, no other allowed. */
export const ANSWER_FORMAT = {
  type: 'json_schema' as const,
  name: 'reply',
  strict: true,
  schema: strictObject({
    text: TEXT,
    language: TEXT_OR_NOTHING,
    choices: {
      anyOf: [
        NOTHING,
        strictObject({ kind: { type: 'string', enum: ['buttons'] }, buttons: listOf(BUTTON) }),
        strictObject({
          kind: { type: 'string', enum: ['list'] },
          button: TEXT,
          sections: listOf(SECTION),
        }),
        strictObject({ kind: { type: 'string', enum: ['link'] }, title: TEXT, url: TEXT }),
      ],
    },
    quotes: { type: ['integer', 'null'] },
    handOver: { anyOf: [NOTHING, strictObject({ reason: TEXT, summary: TEXT })] },
    forgets: listOf(TEXT),
    confidence: { type: 'string', enum: ['high', 'low'] },
  }),
};

/**
 * An answer of that shape. Words that are no JSON are taken as they are; fields that do not have their
 * shape are left out.
 * @returns undefined where there are no words, or only half a JSON that nobody should read
 */
export function readAnswer(said: string): Answer | undefined {
  const text = said.trim();
  if (!text.startsWith('{')) return text === '' ? undefined : plainAnswer(text);
  const fields = parseFields(text);
  const words = fields && textAt(fields, 'text')?.trim();
  if (!fields || !words) return undefined;
  const confidence = textAt(fields, 'confidence');
  const quotes = numberAt(fields, 'quotes');
  return {
    text: words,
    language: textAt(fields, 'language'),
    choices: readChoices(objectAt(fields, 'choices')),
    quotes: quotes !== undefined && Number.isSafeInteger(quotes) ? quotes : undefined,
    handOver: readHandOver(objectAt(fields, 'handOver')),
    forgets: listAt(fields, 'forgets').filter((id) => typeof id === 'string'),
    confidence: confidence === 'high' || confidence === 'low' ? confidence : undefined,
  };
}

function readHandOver(wish: JsonObject | undefined): Answer['handOver'] {
  return wish && { reason: textAt(wish, 'reason') ?? '', summary: textAt(wish, 'summary') ?? '' };
}
