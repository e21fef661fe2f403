import { api, listen } from './api.js';
import { createChatColumn } from './chat-column.js';
import { startConditions } from './conditions.js';
import { createCustomerDialog } from './customer-dialog.js';
import { FIRST_CUSTOMERS } from './customers.js';
import { element } from './element.js';
import { createLane } from './lane.js';

const at = (id) => document.getElementById(id);

const stage = at('chats');
const connection = at('connection');
const lane = createLane({
  journeys: at('journeys'),
  events: at('events'),
  filter: at('lane-filter'),
  empty: at('lane-empty'),
});
const dialog = createCustomerDialog({ root: document, onChosen: openChat });

/** Columns per business; those of the chosen one are on the stage. */
const columns = new Map();
let chosen;

function choose(business) {
  chosen = business;
  for (const radio of at('businesses').querySelectorAll('input')) {
    radio.checked = radio.value === business.phone_number_id;
  }
  if (!columns.has(business)) {
    columns.set(business, []);
    for (const customer of FIRST_CUSTOMERS) addColumn(customer);
  }
  show();
}

function addColumn(customer) {
  const column = createChatColumn({
    business: chosen,
    customer,
    onClose: () => {
      const open = columns.get(column.business);
      open.splice(open.indexOf(column), 1);
      show();
      at('add-customer').focus();
    },
  });
  columns.get(chosen).push(column);
  void column.refresh();
  return column;
}

function openChat(customer) {
  const known = columns.get(chosen).find((column) => column.customer.phone === customer.phone);
  const column = known ?? addColumn(customer);
  show();
  column.node.scrollIntoView({ inline: 'nearest', block: 'nearest' });
  column.focus();
}

function show() {
  const open = columns.get(chosen);
  stage.replaceChildren(
    ...open.map(({ node }) => node),
    ...(open.length === 0
      ? [element('p', { class: 'nobody' }, 'Nobody is writing. Add a customer.')]
      : []),
  );
  for (const { node } of open) {
    const list = node.querySelector('.bubbles');
    list.scrollTop = list.scrollHeight;
  }
  lane.setChats(
    open.map(({ customer, business }) => ({
      phoneNumberId: business.phone_number_id,
      contact: customer.phone,
      name: customer.name,
    })),
  );
}

function onEntry(entry) {
  lane.add(entry);
  if (!entry.chat) return;
  const { phoneNumberId, contact } = entry.chat;
  for (const column of [...columns.values()].flat()) {
    const same = column.business.phone_number_id === phoneNumberId;
    if (same && column.customer.phone === contact) void column.refresh();
  }
}

function onConnection(connected) {
  connection.textContent = connected ? 'Live on this machine' : 'Reconnecting…';
  connection.classList.toggle('live', connected);
  if (connected) for (const column of [...columns.values()].flat()) void column.refresh();
}

function businessRadio(business) {
  return element(
    'label',
    { class: 'business' },
    element('input', {
      type: 'radio',
      name: 'business',
      value: business.phone_number_id,
      class: 'visually-hidden',
      onchange: () => choose(business),
    }),
    element('span', {}, business.name),
  );
}

at('add-customer').addEventListener('click', () => {
  const phones = columns.get(chosen).map(({ customer }) => customer.phone);
  void dialog.open(chosen, phones);
});
document.addEventListener('click', ({ target }) => {
  for (const open of document.querySelectorAll('details[open]')) {
    if (!open.contains(target)) open.open = false;
  }
});
document.addEventListener('keydown', ({ key }) => {
  if (key !== 'Escape') return;
  for (const open of document.querySelectorAll('details[open]')) open.open = false;
});

const businesses = await api.tenants();
at('businesses').append(...businesses.map(businessRadio));
choose(businesses[0]);
listen({ onEntry, onConnection });
await startConditions(document);
