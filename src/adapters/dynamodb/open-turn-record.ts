import { readChoices } from '#domain/conversation/choices.ts';
import type { OpenTurn, PartDelivery, Recipient, TurnPart } from '#domain/conversation/head.ts';
import { parseContactId, parseTurnId } from '#domain/ids.ts';
import { isObject, type JsonObject, listAt, numberAt, objectAt, textAt } from '#domain/json.ts';

/** The `openTurn` attribute of a head; undefined when it does not have its shape. */
export function readOpenTurn(value: unknown): OpenTurn | undefined {
  if (!isObject(value)) return undefined;
  const id = parseTurnId(value['id']);
  const kind = KINDS.find((each) => each === value['kind']);
  const answers = listAt(value, 'answers');
  const parts = listAt(value, 'parts').map(readPart);
  const recipient = objectAt(value, 'recipient');
  const waitingSinceMs = numberAt(value, 'waitingSinceMs');
  if (!id || !kind || !recipient || waitingSinceMs === undefined) return undefined;
  if (!answers.every(isText) || !parts.every((part) => part !== undefined)) return undefined;
  return {
    id,
    kind,
    waitingSinceMs,
    answers,
    recipient: readRecipient(recipient),
    parts,
    pairRefusals: numberAt(value, 'pairRefusals') ?? 0,
    repeats: readRepeats(objectAt(value, 'repeats')),
    forgets: listAt(value, 'forgets').filter(isText),
  };
}

const KINDS: readonly OpenTurn['kind'][] = [
  'reply',
  'fallback',
  'limit',
  'repeat',
  'notice',
  'person',
];

function readRepeats(value: JsonObject | undefined): OpenTurn['repeats'] {
  const key = value && textAt(value, 'key');
  const sends = value && numberAt(value, 'sends');
  if (key === undefined || sends === undefined) return undefined;
  return value?.['author'] === 'person' ? { key, sends, author: 'person' } : { key, sends };
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function readRecipient(value: JsonObject): Recipient {
  return { waId: parseContactId(value['waId']), userId: parseContactId(value['userId']) };
}

function readPart(value: unknown): TurnPart | undefined {
  if (!isObject(value)) return undefined;
  const text = textAt(value, 'text');
  const delivery = readDelivery(objectAt(value, 'delivery'));
  if (text === undefined || !delivery) return undefined;
  const choices = readChoices(objectAt(value, 'choices'));
  const template = readTemplate(objectAt(value, 'template'));
  return {
    text,
    choices,
    quotes: textAt(value, 'quotes'),
    ...(template && { template }),
    delivery,
  };
}

function readTemplate(value: JsonObject | undefined): TurnPart['template'] {
  if (!value) return undefined;
  const [name, language] = [textAt(value, 'name'), textAt(value, 'language')];
  if (!name || !language) return undefined;
  return { name, language, parameters: listAt(value, 'parameters').filter(isText) };
}

function readDelivery(value: JsonObject | undefined): PartDelivery | undefined {
  if (!value) return undefined;
  const sinceMs = numberAt(value, 'sinceMs');
  const resends = numberAt(value, 'resends');
  const wamid = textAt(value, 'wamid');
  const code = textAt(value, 'code');
  switch (value['kind']) {
    case 'waiting':
      return { kind: 'waiting', resends };
    case 'sending':
      return sinceMs === undefined || resends === undefined
        ? undefined
        : { kind: 'sending', sinceMs, resends };
    case 'sent':
      return wamid === undefined
        ? undefined
        : { kind: 'sent', wamid, copies: numberAt(value, 'copies') ?? 1 };
    case 'refused':
      return code === undefined ? undefined : { kind: 'refused', code };
    default:
      return undefined;
  }
}
