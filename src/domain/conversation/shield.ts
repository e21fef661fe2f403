import { isObject } from '#domain/json.ts';
import type { StoredInbound, StoredMessage } from './message.ts';
import { outsideText } from './outside-text.ts';

/**
 * Stand for the brackets of whoever wrote a text while its message is put into words, since those words come
 * with labels in the same brackets. No text from outside can hold them: they are noncharacters of Unicode.
 */
const SHIELDED = { open: '\ufdd0', close: '\ufdd1' } as const;

/** More than any message: how much of it a prompt takes is decided where the prompt is built. */
const LONGEST = 40_000;

/**
 * A message as it may be put into words for a model: every text in what Meta sent, wherever it stands and
 * whatever reads it, has passed `outsideText`. What names the message stays as it is.
 */
export function shielded(stored: StoredInbound): StoredInbound;
export function shielded(stored: StoredMessage): StoredMessage;
export function shielded(stored: StoredMessage): StoredMessage {
  // Ours: it is only quoted among labels, and says what we said.
  if (stored.direction === 'out') return { ...stored, text: inShieldedBrackets(stored.text) };
  const { message } = stored;
  const { raw, command } = message;
  return {
    ...stored,
    message: { ...message, raw: deep(raw), ...(command && { command: deep(command) }) },
    // What was read of a file: a transcript, a document's text.
    ...('reading' in stored && { reading: deep(stored.reading) }),
  };
}

/** Labels of ours in brackets that nobody else can write, and others' brackets as they were. */
export function unshielded(words: string): string {
  return unshieldedBrackets(words.replaceAll('[', '⟦').replaceAll(']', '⟧'));
}

/** Others' brackets as they were, where there are no labels. */
export function unshieldedBrackets(words: string): string {
  return words.replaceAll(SHIELDED.open, '[').replaceAll(SHIELDED.close, ']');
}

function inShieldedBrackets(text: string): string {
  return text.replaceAll('[', SHIELDED.open).replaceAll(']', SHIELDED.close);
}

function deep<Value>(value: Value): Value;
function deep(value: unknown): unknown {
  if (typeof value === 'string') return shield(value);
  if (Array.isArray(value)) return value.map((each) => deep(each));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key === 'response_json' ? key : shield(key),
      key === 'response_json' && typeof each === 'string' ? deepJson(each) : deep(each),
    ]),
  );
}

/** A form's answers are JSON in a text: it stays JSON. */
function deepJson(text: string): string {
  try {
    return JSON.stringify(deep(JSON.parse(text)));
  } catch {
    return shield(text);
  }
}

/** Ids, times and single words, which most of a payload is: nothing in them needs a closer look. */
const HARMLESS = /^[\w.,@/+ -]*={0,2}$/;

function shield(text: string): string {
  if (HARMLESS.test(text)) return text.trim();
  return inShieldedBrackets(outsideText(text, LONGEST));
}
