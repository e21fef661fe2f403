import { choicesOf } from './choices.js';
import { element, icon } from './element.js';
import { richText } from './rich-text.js';

const TICK = 'M2 12.5l4 4.5L14.5 7';
const SECOND_TICK = 'M11 16l1 1L21.5 7';
const CLOCK = ['M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 0 0 0-17z', 'M12 7.5V12l3 2'];
const WARNING = ['M12 4l9 16H3z', 'M12 10v4.5', 'M12 17.2v.3'];

const WORDS = {
  in: { sent: 'Sent', delivered: 'Taken by the business', read: 'Read by the business' },
  out: { accepted: 'Accepted', sent: 'Sent', delivered: 'Delivered', read: 'Read' },
};

/** Types that show as a card with a picture of what they are. */
const PICTURES = {
  image: '🖼️',
  video: '🎬',
  audio: '🎙️',
  document: '📄',
  sticker: '🌟',
  location: '📍',
  contacts: '👤',
  order: '🛒',
  template: '📋',
};

/**
 * One message on the customer's phone; `update` changes what can still change of it, `send` is how the
 * customer answers by a tap.
 */
export function createBubble(message, findQuoted, send) {
  const ticks = element('span', { class: 'ticks' });
  const reaction = element('span', { class: 'reaction', hidden: true });
  const note = element('p', { class: 'failure', hidden: true });
  const node = element(
    'li',
    {
      class: `bubble ${message.direction === 'in' ? 'mine' : 'theirs'}`,
      'data-wamid': message.wamid,
    },
    element(
      'span',
      { class: 'visually-hidden' },
      message.direction === 'in' ? 'You: ' : 'Business: ',
    ),
    quoteOf(message, findQuoted),
    contentOf(message),
    element(
      'span',
      { class: 'meta' },
      element('time', { datetime: new Date(message.at).toISOString() }, clockOf(message.at)),
      ticks,
    ),
    note,
    choicesOf(message, send),
    reaction,
  );
  function update(next) {
    if (node.dataset.status === next.status) return;
    node.dataset.status = next.status;
    const words = WORDS[next.direction][next.status] ?? next.status;
    ticks.replaceChildren(
      tickIcon(next.status),
      element('span', { class: 'visually-hidden' }, words),
    );
    ticks.title = words;
    note.hidden = next.status !== 'failed';
    note.textContent = next.status === 'failed' ? `Not delivered (${next.error_code})` : '';
  }
  update(message);
  return {
    node,
    update,
    react(emoji) {
      reaction.hidden = emoji === '';
      reaction.textContent = emoji;
    },
  };
}

function tickIcon(status) {
  if (status === 'failed') return icon(WARNING);
  if (status === 'accepted') return icon(CLOCK);
  return icon(status === 'sent' ? [TICK] : [TICK, SECOND_TICK]);
}

function contentOf(message) {
  const words = element('div', { class: 'words' });
  const picture = PICTURES[message.type];
  if (!picture) {
    words.append(richText(message.text));
    return words;
  }
  const caption = message.text.replace(/^\[[^\]]*\]\s*/, '');
  words.append(
    element('span', { class: 'picture', 'aria-hidden': 'true' }, picture),
    element('span', { class: 'kind' }, message.type),
    richText(caption),
  );
  words.classList.add('card');
  return words;
}

function quoteOf(message, findQuoted) {
  const quoted = message.quotes === null ? undefined : findQuoted(message.quotes);
  if (!quoted) return undefined;
  return element('blockquote', { class: 'quote' }, richText(quoted.text.slice(0, 120)));
}

function clockOf(atMs) {
  return new Date(atMs).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
}
