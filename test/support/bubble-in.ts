import type { Bubble } from '#domain/conversation/bubble.ts';
import { type Choices, readChoices } from '#domain/conversation/choices.ts';
import { isObject, type JsonObject, listAt, objectAt, textAt } from '#domain/json.ts';

/** The bubble that a body of `POST /messages` shows on a phone. */
export function bubbleIn(body: JsonObject): Required<Omit<Bubble, 'template'>> {
  const interactive = objectAt(body, 'interactive');
  const text = objectAt(interactive ?? {}, 'body') ?? objectAt(body, 'text') ?? {};
  return {
    text: textAt(text, interactive ? 'text' : 'body') ?? '',
    choices: interactive && choicesIn(interactive),
    quotes: textAt(objectAt(body, 'context') ?? {}, 'message_id'),
  };
}

function choicesIn(interactive: JsonObject): Choices | undefined {
  const action = objectAt(interactive, 'action') ?? {};
  switch (interactive['type']) {
    case 'button': {
      const buttons = listAt(action, 'buttons')
        .filter(isObject)
        .map((button) => objectAt(button, 'reply'));
      return readChoices({ kind: 'buttons', buttons });
    }
    case 'list':
      return readChoices({ ...action, kind: 'list' });
    case 'cta_url': {
      const parameters = objectAt(action, 'parameters') ?? {};
      return readChoices({ ...parameters, kind: 'link', title: parameters['display_text'] });
    }
    default:
      return undefined;
  }
}
