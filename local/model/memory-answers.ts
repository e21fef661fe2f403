import type { JsonObject } from '#domain/json.ts';
import { formatName } from './output-format.ts';
import type { ResponseRequest } from './response-request.ts';

/**
 * What a model without a mind says to the two questions of the memory: it goes by what stands in their
 * data, line by line, and so says the same to the same.
 * @returns the JSON that the format asks for; undefined for another question
 */
export function memoryAnswer({ body, input }: ResponseRequest): JsonObject | undefined {
  const data = input.map(({ text }) => text).join('\n');
  switch (formatName(body)) {
    case 'memory':
      return extractionOf(data);
    case 'summary':
      return { summary: summaryOf(data) };
    default:
      return undefined;
  }
}

/** Sentences that are taken for facts: what somebody says of themselves. */
const FACTS: readonly (readonly [RegExp, string])[] = [
  [/\bI live (?:in|at) [^.!?/]+/i, 'contact'],
  [/\bI work (?:as|at|for) [^.!?/]+/i, 'other'],
  [/\bI (?:like|love|prefer|hate|never eat) [^.!?/]+/i, 'preference'],
  [/\bmy (?!name\b)\w+ (?:is|are) (?:called )?[^.!?/]+/i, 'relationship'],
  [/\bI(?: a|')m allergic to [^.!?/]+/i, 'health'],
  [/\bI ordered [^.!?/]+/i, 'order'],
];

function extractionOf(data: string): JsonObject {
  const [notes = '', messages = ''] = data.split('\nNew messages:\n');
  const lines = messages.split('\n').flatMap((line) => {
    const [, source, words] = /^(\d+)\. customer: (.*)$/.exec(line) ?? [];
    return words === undefined ? [] : [{ source: Number(source), words }];
  });
  const name = lines.map(({ words }) => /\bmy name is (\p{L}+)/iu.exec(words)?.[1]).find(Boolean);
  const facts = lines.flatMap(({ source, words }) =>
    FACTS.flatMap(([pattern, category]) => {
      const [said] = pattern.exec(words) ?? [];
      if (said === undefined) return [];
      const about = said.split(' ').slice(0, 3).join(' ').toLowerCase();
      return [{ ...FACT, text: said.trim(), category, source, ...known(notes, said, about) }];
    }),
  );
  return { profile: { name: name ?? null, language: null, preferences: null }, facts };
}

const FACT = { confidence: 'high', retention: 'long', repeats: null, replaces: [] };

/** The same words again, or others about the same: "I live in". */
function known(notes: string, said: string, about: string): JsonObject {
  const lines = notes.split('\n').map((line) => /^\[(\w+)\] \w+: (.*)$/.exec(line));
  const same = lines.find((line) => line?.[2] === said.trim())?.[1];
  const isSingle = /^(i live|my )/i.test(about);
  const others = lines
    .filter((line) => line?.[2]?.toLowerCase().startsWith(about))
    .map((line) => line?.[1]);
  return {
    repeats: same ?? null,
    replaces: isSingle && same === undefined ? others.filter((id) => id !== undefined) : [],
  };
}

const LONGEST_SUMMARY = 1_200;

/** What the customer said, the newest of it where that is too long. */
function summaryOf(data: string): string {
  const [before = '', next = ''] = data.split('\n\nWhat was said next:\n');
  const so = before.replace('Summary so far:\n', '').replace(/^none$/, '');
  const said = next
    .split('\n')
    .filter((line) => line.startsWith('customer: '))
    .map((line) => line.slice('customer: '.length));
  return [so, ...said].filter(Boolean).join(' ').slice(-LONGEST_SUMMARY);
}
