import { element } from './element.js';

/**
 * What a customer can tap beneath a message of the business: its buttons, its list or its link. A tap is
 * answered as a phone answers it, with an element of `messages[]` that quotes the message.
 */
export function choicesOf({ direction, payload, wamid }, send) {
  const interactive = payload.interactive;
  if (direction !== 'out' || !interactive) return undefined;
  const node = element('div', { class: 'choices' });
  async function tap(type, reply) {
    const answer = { type, [type]: reply };
    const isSent = await send({ type: 'interactive', context: { id: wamid }, interactive: answer });
    // A button can be tapped once; a list stays open for another choice.
    if (isSent && type === 'button_reply') disable(node);
  }
  node.append(...choiceNodes(interactive, tap));
  return node.childElementCount > 0 ? node : undefined;
}

function choiceNodes({ type, action }, tap) {
  switch (type) {
    case 'button':
      return action.buttons.map(({ reply }) =>
        choice(reply.title, undefined, () => tap('button_reply', reply)),
      );
    case 'list':
      return [listOf(action, (row) => tap('list_reply', row))];
    case 'cta_url':
      return [
        element(
          'a',
          {
            class: 'choice',
            href: action.parameters.url,
            target: '_blank',
            rel: 'noopener noreferrer',
          },
          action.parameters.display_text,
        ),
      ];
    default:
      return [];
  }
}

function listOf({ button, sections }, onRow) {
  const list = element('details', {}, element('summary', { class: 'choice' }, button));
  for (const { title, rows } of sections) {
    if (title) list.append(element('p', { class: 'choice-section' }, title));
    for (const row of rows) {
      list.append(
        choice(row.title, row.description, () => {
          list.open = false;
          onRow(row);
        }),
      );
    }
  }
  return list;
}

function choice(title, description, onclick) {
  return element(
    'button',
    { class: 'choice', type: 'button', onclick },
    title,
    description && element('span', { class: 'choice-more' }, description),
  );
}

function disable(node) {
  for (const button of node.querySelectorAll('button')) button.disabled = true;
}
