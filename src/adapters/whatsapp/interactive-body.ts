import type { Choices } from '#domain/conversation/choices.ts';
import type { JsonObject } from '#domain/json.ts';

/** The `interactive` object of a message with something to tap (Cloud API, "Interactive messages"). */
export function interactiveBody(text: string, choices: Choices): JsonObject {
  const body = { text };
  switch (choices.kind) {
    case 'buttons': {
      const buttons = choices.buttons.map(({ id, title }) => ({
        type: 'reply',
        reply: { id, title },
      }));
      return { type: 'button', body, action: { buttons } };
    }
    case 'list': {
      const sections = choices.sections.map(({ title, rows }) => ({
        ...(title === undefined ? {} : { title }),
        rows: rows.map(({ description, ...row }) => ({
          ...row,
          ...(description === undefined ? {} : { description }),
        })),
      }));
      return { type: 'list', body, action: { button: choices.button, sections } };
    }
    case 'link': {
      const parameters = { display_text: choices.title, url: choices.url };
      return { type: 'cta_url', body, action: { name: 'cta_url', parameters } };
    }
  }
}
