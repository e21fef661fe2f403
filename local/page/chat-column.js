import { api } from './api.js';
import { ATTACHMENTS } from './attachments.js';
import { createBubble } from './bubble.js';
import { hueOf, initialsOf, prettyPhone } from './customers.js';
import { element, icon } from './element.js';

const SEND = ['M4 12l16-8-5 17-3.5-6.5z', 'M11.5 14.5L20 4'];
const PLUS = ['M12 5v14', 'M5 12h14'];
const CLOSE = ['M6 6l12 12', 'M18 6L6 18'];

/** One customer's phone, open on the chat with one business. */
export function createChatColumn({ business, customer, onClose }) {
  const bubbles = new Map();
  const list = element('ol', {
    class: 'bubbles',
    role: 'log',
    'aria-label': 'Messages',
    tabindex: '0',
  });
  list.append(element('li', { class: 'hello' }, `${customer.name} and ${business.name}`));
  const typing = typingBubble();
  const state = element('p', { class: 'presence' }, prettyPhone(customer.phone));
  const problem = element('p', { class: 'problem', role: 'alert', hidden: true });
  const input = element('textarea', {
    rows: '1',
    maxlength: '4096',
    placeholder: 'Message',
    'aria-label': `Message from ${customer.name}`,
  });
  const node = element(
    'article',
    { class: 'phone', 'aria-label': `${customer.name} writes to ${business.name}` },
    headerOf({ customer, state, onClose }),
    element('div', { class: 'wall' }, list),
    problem,
    composerOf({ input, write, attach }),
  );
  node.style.setProperty('--hue', hueOf(customer.phone));

  /** What some attachments are about: the newest message of the customer's, and of the business's. */
  const newest = {};

  async function attach({ needs, message, file }) {
    if (needs !== undefined && newest[needs] === undefined) return;
    await write({ message: message(newest), ...(file && { file }) });
  }

  /** @returns whether it was sent */
  async function write(content) {
    const { name, phone } = customer;
    try {
      await api.write({ to: business.phone_number_id, from: phone, name, ...content });
      problem.hidden = true;
    } catch (error) {
      problem.hidden = false;
      problem.textContent = `Not sent: ${error.message}`;
      return false;
    }
    await refresh();
    return true;
  }

  function show(transcript) {
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
    const count = bubbles.size;
    for (const message of transcript.messages) showMessage(message, transcript.messages);
    newest.mine = newestText(transcript.messages, 'in');
    newest.theirs = newestText(transcript.messages, 'out');
    showTyping(transcript.typing_until);
    if (atEnd || bubbles.size > count) list.scrollTop = list.scrollHeight;
  }

  function showMessage(message, all) {
    if (message.type === 'reaction') {
      bubbles.get(message.quotes)?.react(message.payload.reaction?.emoji ?? '');
      return;
    }
    const known = bubbles.get(message.wamid);
    if (known) {
      known.update(message);
      return;
    }
    const findQuoted = (wamid) => all.find((each) => each.wamid === wamid);
    const bubble = createBubble(message, findQuoted, (answer) => write({ message: answer }));
    bubbles.set(message.wamid, bubble);
    list.append(bubble.node);
  }

  let typingTimer;
  function showTyping(untilMs) {
    clearTimeout(typingTimer);
    const leftMs = untilMs - Date.now();
    const types = leftMs > 0;
    state.textContent = types ? 'typing…' : prettyPhone(customer.phone);
    state.classList.toggle('typing', types);
    if (!types) {
      typing.remove();
      return;
    }
    list.append(typing);
    typingTimer = setTimeout(() => showTyping(0), leftMs);
  }

  let running;
  let again = false;
  /** Shows the latest transcript; calls that come while one runs make one more. */
  function refresh() {
    again = running !== undefined;
    running ??= api
      .transcript(business.phone_number_id, customer.phone)
      .then(show, () => undefined)
      .finally(() => {
        running = undefined;
        if (again) void refresh();
      });
    return running;
  }

  return { node, customer, business, refresh, focus: () => input.focus() };
}

function newestText(messages, direction) {
  return messages.findLast((each) => each.direction === direction && each.type === 'text')?.wamid;
}

function headerOf({ customer, state, onClose }) {
  return element(
    'header',
    { class: 'phone-head' },
    element('span', { class: 'avatar', 'aria-hidden': 'true' }, initialsOf(customer.name)),
    element('div', { class: 'who' }, element('h2', {}, customer.name), state),
    element(
      'button',
      {
        class: 'icon-button',
        type: 'button',
        'aria-label': `Close ${customer.name}`,
        onclick: onClose,
      },
      icon(CLOSE),
    ),
  );
}

function composerOf({ input, write, attach }) {
  const menu = element(
    'details',
    { class: 'attach' },
    element('summary', { class: 'icon-button', 'aria-label': 'Send something else' }, icon(PLUS)),
    element(
      'div',
      { class: 'menu' },
      ...ATTACHMENTS.map((attachment) =>
        element(
          'button',
          {
            type: 'button',
            onclick: () => {
              menu.open = false;
              void attach(attachment);
            },
          },
          element('span', { 'aria-hidden': 'true' }, attachment.picture),
          attachment.label,
        ),
      ),
    ),
  );
  const form = element(
    'form',
    { class: 'composer', onsubmit: submit },
    menu,
    input,
    element('button', { class: 'send', type: 'submit', 'aria-label': 'Send' }, icon(SEND)),
  );
  async function submit(event) {
    event.preventDefault();
    const text = input.value.trim();
    if (text === '') return;
    input.value = '';
    grow();
    if (await write({ text })) return;
    // What was typed is not lost, unless something else has been typed by now.
    input.value ||= text;
    grow();
  }
  function grow() {
    input.style.height = 'auto';
    input.style.height = `${Math.min(input.scrollHeight, 120)}px`;
  }
  input.addEventListener('input', grow);
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  return form;
}

function typingBubble() {
  return element(
    'li',
    { class: 'bubble theirs dots' },
    element('span', { class: 'visually-hidden' }, 'The business is typing'),
    element('i', {}),
    element('i', {}),
    element('i', {}),
  );
}
