import { isObject, type JsonObject, listAt, objectAt, textAt, valueAt } from '#domain/json.ts';
import { GraphError } from './graph-error.ts';
import { checkInteractive } from './interactive-rules.ts';
import { checkMedia, MEDIA_TYPES } from './media-rules.ts';
import {
  invalid,
  optionalText,
  requireList,
  requireNumber,
  requireObject,
  requireText,
} from './parameter-checks.ts';

/** A send that Meta would understand; whether it may be sent is decided by the world. */
export interface OutgoingMessage {
  readonly type: string;
  /** The object named after the type. */
  readonly content: unknown;
  /** As the sender wrote it: `to` wins over `recipient`. */
  readonly input: string;
  readonly addressedBy: 'phone' | 'user-id' | 'group';
  /** Message that this one quotes. */
  readonly quotes: string | undefined;
  readonly callbackData: string | undefined;
}

const TEXT_MAX = 4_096;
const CALLBACK_DATA_MAX = 512;

type Check = (content: JsonObject) => void;

/** What each type must hold. Source: WhatsApp Cloud API "Messages" (limits of 2026-09-11). */
const OBJECT_TYPES: Readonly<Record<string, Check>> = {
  text: checkText,
  interactive: checkInteractive,
  location: (location) => {
    const latitude = requireNumber(location, 'latitude', 'location.latitude');
    const longitude = requireNumber(location, 'longitude', 'location.longitude');
    if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) {
      throw invalid('location is outside the world.');
    }
  },
  reaction: (reaction) => {
    requireText(reaction, 'message_id', { path: 'reaction.message_id', max: 512 });
    if (typeof valueAt(reaction, 'emoji') !== 'string')
      throw invalid('reaction.emoji must be a string.');
  },
  template: (template) => {
    requireText(template, 'name', { path: 'template.name', max: 512 });
    const language = requireObject(template, 'language', 'template.language');
    requireText(language, 'code', { path: 'template.language.code', max: 16 });
  },
  ...Object.fromEntries(
    MEDIA_TYPES.map((type): [string, Check] => [type, (media) => checkMedia(type, media)]),
  ),
};

/** Reads the body of `POST /messages` that is not a read receipt. @throws GraphError as Meta would refuse it */
export function readOutgoing(body: JsonObject): OutgoingMessage {
  const type = textAt(body, 'type') ?? 'text';
  return {
    ...readRecipient(body),
    type,
    content: readContent(body, type),
    quotes: readContext(body),
    callbackData: readCallbackData(body),
  };
}

function readRecipient(body: JsonObject): Pick<OutgoingMessage, 'input' | 'addressedBy'> {
  const to = textAt(body, 'to');
  const recipientType = valueAt(body, 'recipient_type') ?? 'individual';
  if (recipientType !== 'individual' && recipientType !== 'group') {
    throw new GraphError(100, { details: 'recipient_type must be individual or group.' });
  }
  if (to !== undefined) {
    if (recipientType === 'group') return { input: to, addressedBy: 'group' };
    if (!/^\+?\d{5,20}$/.test(to.replace(/[\s().-]/g, ''))) {
      throw invalid('to is not a phone number.');
    }
    return { input: to, addressedBy: 'phone' };
  }
  const userId = textAt(body, 'recipient');
  if (userId === undefined) {
    throw new GraphError(100, { message: '(#100) The parameter to is required.' });
  }
  if (!/^[A-Z]{2}(\.ENT)?\.[A-Za-z0-9]{1,128}$/.test(userId)) {
    throw invalid('recipient is not a business-scoped user id.');
  }
  return { input: userId, addressedBy: 'user-id' };
}

function readContent(body: JsonObject, type: string): unknown {
  if (type === 'contacts') return readCards(body);
  if (!Object.hasOwn(OBJECT_TYPES, type)) {
    throw new GraphError(131051, { details: `Message type ${type} is not supported.` });
  }
  const content = valueAt(body, type);
  if (!isObject(content)) {
    throw new GraphError(100, { message: `(#100) The parameter ${type} is required.` });
  }
  OBJECT_TYPES[type]?.(content);
  return content;
}

function checkText(text: JsonObject): void {
  const body = valueAt(text, 'body');
  if (typeof body !== 'string' || body.trim() === '') {
    throw new GraphError(100, { message: "(#100) The parameter text['body'] is required." });
  }
  if ([...body].length > TEXT_MAX) {
    throw new GraphError(100, {
      details: `Param text['body'] must be at most ${TEXT_MAX} characters long.`,
    });
  }
}

function readCards(body: JsonObject): readonly unknown[] {
  for (const card of requireList(body, 'contacts', { path: 'contacts', min: 1, max: 257 })) {
    const name = requireObject(card, 'name', 'contacts.name');
    requireText(name, 'formatted_name', { path: 'contacts.name.formatted_name', max: 1_024 });
  }
  return listAt(body, 'contacts');
}

function readContext(body: JsonObject): string | undefined {
  const context = objectAt(body, 'context');
  if (!context) return undefined;
  return requireText(context, 'message_id', { path: 'context.message_id', max: 512 });
}

function readCallbackData(body: JsonObject): string | undefined {
  optionalText(body, 'biz_opaque_callback_data', {
    path: 'biz_opaque_callback_data',
    max: CALLBACK_DATA_MAX,
  });
  return textAt(body, 'biz_opaque_callback_data');
}
