import { hueOf } from './customers.js';
import { element, icon } from './element.js';
import { createJourney, spanOf } from './journey.js';
import { stationOf } from './stations.js';

const SHOWN = 300;

/** The lane beside the chats: a journey per open chat, and everything that happened, latest first. */
export function createLane({ journeys, events, filter, empty }) {
  const rows = new Map();
  const names = new Map();
  const startedAt = new Map();

  filter.addEventListener('change', () => {
    events.replaceChildren(...[...events.children].map((row) => withVisibility(row)));
  });

  function withVisibility(row) {
    row.hidden = filter.value !== '' && row.dataset.contact !== filter.value;
    return row;
  }

  /** The chats that are open; others show in the list of events only. */
  function setChats(chats) {
    const wanted = new Set(chats.map(keyOf));
    for (const [key, journey] of rows) {
      if (wanted.has(key)) continue;
      journey.node.remove();
      rows.delete(key);
    }
    const chosen = filter.value;
    filter.replaceChildren(element('option', { value: '' }, 'All chats'));
    for (const chat of chats) {
      names.set(chat.contact, chat.name);
      filter.append(element('option', { value: chat.contact }, chat.name));
      if (rows.has(keyOf(chat))) continue;
      const journey = createJourney({ name: chat.name, hue: hueOf(chat.contact) });
      rows.set(keyOf(chat), journey);
      journeys.append(journey.node);
    }
    filter.value = chats.some(({ contact }) => contact === chosen) ? chosen : '';
  }

  function add(entry) {
    empty.hidden = true;
    const key = entry.chat && keyOf({ ...entry.chat });
    if (key) {
      if (entry.kind === 'message') startedAt.set(key, entry.at);
      rows.get(key)?.advance(entry);
    }
    if (!isRoutine(entry)) events.prepend(withVisibility(rowOf(entry, key)));
    while (events.children.length > SHOWN) events.lastChild.remove();
  }

  function rowOf({ kind, at, chat, detail }, key) {
    const station = stationOf(kind);
    const since =
      key && startedAt.has(key) && kind !== 'message' ? at - startedAt.get(key) : undefined;
    const row = element(
      'li',
      { class: 'event', 'data-kind': kind, 'data-contact': chat?.contact ?? '' },
      element('span', { class: 'dot' }, icon(station.icon)),
      element(
        'div',
        { class: 'what' },
        element('span', { class: 'event-label' }, station.label),
        chat
          ? element('span', { class: 'whom' }, names.get(chat.contact) ?? chat.contact)
          : undefined,
        element('p', {}, detail),
      ),
      element(
        'time',
        { datetime: new Date(at).toISOString(), title: new Date(at).toLocaleTimeString() },
        since === undefined ? new Date(at).toLocaleTimeString() : `+${spanOf(since)}`,
      ),
    );
    if (chat) row.style.setProperty('--hue', hueOf(chat.contact));
    return row;
  }

  return { add, setChats };
}

/** A status that was taken is told by the status itself. */
function isRoutine({ kind, detail }) {
  return kind === 'webhook' && detail.startsWith('status webhook: 200');
}

function keyOf({ phoneNumberId, contact }) {
  return `${phoneNumberId}#${contact}`;
}
