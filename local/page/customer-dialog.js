import { api } from './api.js';
import { digitsOf } from './customers.js';
import { element } from './element.js';

const OFFERED = 12;

/** Asks who to write as, or which chat to open. */
export function createCustomerDialog({ root, onChosen }) {
  const at = (id) => root.querySelector(`#${id}`);
  const dialog = at('customer-dialog');
  const form = at('customer-form');
  const name = at('customer-name');
  const phone = at('customer-phone');
  at('customer-cancel').addEventListener('click', () => dialog.close());
  let chosen;
  form.addEventListener('submit', () => {
    chosen = { name: name.value.trim(), phone: digitsOf(phone.value) };
    form.reset();
  });
  // Closing gives the focus back to the button, so the chat may take it only after that.
  dialog.addEventListener('close', () => {
    if (chosen) onChosen(chosen);
    chosen = undefined;
  });

  async function open(business, openPhones) {
    dialog.showModal();
    name.focus();
    const chats = await api.chats(business.phone_number_id);
    const others = chats
      .map(({ contact }) => contact)
      .filter((contact) => contact.phone !== null && !openPhones.includes(contact.phone));
    at('known-field').hidden = others.length === 0;
    at('known-chats').replaceChildren(...others.slice(0, OFFERED).map(knownButton));
  }

  function knownButton(contact) {
    const choose = () => {
      chosen = { name: contact.name, phone: contact.phone };
      dialog.close();
    };
    return element('button', { class: 'button', type: 'button', onclick: choose }, contact.name);
  }

  return { open };
}
