import { type JsonObject, objectAt, textAt, valueAt } from '#domain/json.ts';
import { checkMedia } from './media-rules.ts';
import {
  invalid,
  optionalText,
  requireList,
  requireObject,
  requireText,
  requireUnique,
} from './parameter-checks.ts';

const BODY = 'interactive.body.text';

/**
 * What each interactive kind must hold. Source: WhatsApp Cloud API "Interactive messages"
 * (limits of 2026-09-11).
 */
const KINDS: Readonly<Record<string, (interactive: JsonObject) => void>> = {
  button: (it) => {
    requireBody(it, 1_024);
    checkHeader(it);
    const rule = { path: 'interactive.action.buttons', min: 1, max: 3 };
    const buttons = requireList(actionOf(it), 'buttons', rule).map(checkReplyButton);
    requireUnique(
      buttons.map(({ id }) => id),
      'Button ids',
    );
    requireUnique(
      buttons.map(({ title }) => title),
      'Button titles',
    );
  },
  list: (it) => {
    requireBody(it, 4_096);
    checkTextHeader(it);
    checkListAction(actionOf(it));
  },
  cta_url: (it) => {
    requireBody(it, 1_024);
    checkHeader(it);
    const parameters = namedAction(it, 'cta_url');
    const path = 'interactive.action.parameters';
    requireText(parameters, 'display_text', { path: `${path}.display_text`, max: 20 });
    const url = requireText(parameters, 'url', { path: `${path}.url`, max: 2_000 });
    if (!/^https?:\/\//.test(url))
      throw invalid(`${path}.url must start with http:// or https://.`);
  },
  location_request_message: (it) => {
    requireBody(it, 1_024);
    requireName(actionOf(it), 'send_location');
  },
  flow: (it) => {
    requireBody(it, 1_024);
    const parameters = namedAction(it, 'flow');
    const path = 'interactive.action.parameters';
    requireText(parameters, 'flow_message_version', {
      path: `${path}.flow_message_version`,
      max: 8,
    });
    requireText(parameters, 'flow_cta', { path: `${path}.flow_cta`, max: 30 });
    const key = valueAt(parameters, 'flow_name') === undefined ? 'flow_id' : 'flow_name';
    requireText(parameters, key, { path: `${path}.${key}`, max: 200 });
  },
  product: (it) => {
    const action = actionOf(it);
    for (const key of ['catalog_id', 'product_retailer_id']) {
      requireText(action, key, { path: `interactive.action.${key}`, max: 200 });
    }
  },
  product_list: (it) => {
    requireBody(it, 1_024);
    requireObject(it, 'header', 'interactive.header');
    checkTextHeader(it);
    checkProductSections(actionOf(it));
  },
  catalog_message: (it) => {
    requireBody(it, 1_024);
    requireName(actionOf(it), 'catalog_message');
  },
  carousel: (it) => {
    requireBody(it, 1_024);
    const rule = { path: 'interactive.action.cards', min: 2, max: 10 };
    for (const card of requireList(actionOf(it), 'cards', rule)) checkCard(card);
  },
  address_message: (it) => requireBody(it, 1_024),
  voice_call: (it) => requireBody(it, 1_024),
  call_permission_request: (it) => requireName(actionOf(it), 'call_permission_request'),
  request_contact_info: (it) => requireBody(it, 1_024),
};

/** @throws GraphError 131008 or 131009 */
export function checkInteractive(interactive: JsonObject): void {
  const kind = requireText(interactive, 'type', { path: 'interactive.type', max: 64 });
  if (!Object.hasOwn(KINDS, kind)) throw invalid(`interactive.type ${kind} is not known.`);
  KINDS[kind]?.(interactive);
  const footer = objectAt(interactive, 'footer');
  if (footer) requireText(footer, 'text', { path: 'interactive.footer.text', max: 60 });
}

function actionOf(interactive: JsonObject): JsonObject {
  return requireObject(interactive, 'action', 'interactive.action');
}

function namedAction(interactive: JsonObject, name: string): JsonObject {
  const action = actionOf(interactive);
  requireName(action, name);
  return requireObject(action, 'parameters', 'interactive.action.parameters');
}

function requireName(action: JsonObject, name: string): void {
  if (valueAt(action, 'name') !== name) throw invalid(`interactive.action.name must be ${name}.`);
}

function requireBody(interactive: JsonObject, max: number): void {
  const body = requireObject(interactive, 'body', 'interactive.body');
  requireText(body, 'text', { path: BODY, max });
}

function checkHeader(interactive: JsonObject): void {
  const header = objectAt(interactive, 'header');
  if (!header) return;
  const type = textAt(header, 'type') ?? '';
  if (type === 'text') {
    checkTextHeader(interactive);
    return;
  }
  if (!['image', 'video', 'document'].includes(type)) {
    throw invalid('interactive.header.type must be text, image, video or document.');
  }
  checkMedia(type, requireObject(header, type, `interactive.header.${type}`));
}

function checkTextHeader(interactive: JsonObject): void {
  const header = objectAt(interactive, 'header');
  if (!header) return;
  if (valueAt(header, 'type') !== 'text') throw invalid('interactive.header.type must be text.');
  requireText(header, 'text', { path: 'interactive.header.text', max: 60 });
}

function checkReplyButton(button: JsonObject): { readonly id: string; readonly title: string } {
  const path = 'interactive.action.buttons.reply';
  if (valueAt(button, 'type') !== 'reply') throw invalid('A button must be of type reply.');
  const reply = requireObject(button, 'reply', path);
  return {
    id: requireText(reply, 'id', { path: `${path}.id`, max: 256 }),
    title: requireText(reply, 'title', { path: 'Button title', max: 20 }),
  };
}

function checkListAction(action: JsonObject): void {
  const path = 'interactive.action';
  requireText(action, 'button', { path: `${path}.button`, max: 20 });
  const sections = requireList(action, 'sections', { path: `${path}.sections`, min: 1, max: 10 });
  const rows = sections.flatMap((section) => {
    const title = { path: 'Section title', max: 24 };
    if (sections.length > 1) requireText(section, 'title', title);
    else optionalText(section, 'title', title);
    return requireList(section, 'rows', { path: `${path}.sections.rows`, min: 1, max: 10 });
  });
  if (rows.length > 10) throw invalid('Total row count exceed max allowed count: 10');
  const ids = rows.map((row) => {
    requireText(row, 'title', { path: 'Row title', max: 24 });
    optionalText(row, 'description', { path: 'Row description', max: 72 });
    return requireText(row, 'id', { path: 'Row id', max: 200 });
  });
  requireUnique(ids, 'Row ids');
}

function checkProductSections(action: JsonObject): void {
  const path = 'interactive.action';
  requireText(action, 'catalog_id', { path: `${path}.catalog_id`, max: 200 });
  const sections = requireList(action, 'sections', { path: `${path}.sections`, min: 1, max: 10 });
  const products = sections.flatMap((section) => {
    optionalText(section, 'title', { path: 'Section title', max: 24 });
    return requireList(section, 'product_items', { path: 'product_items', min: 1, max: 30 });
  });
  if (products.length > 30) throw invalid('At most 30 products in all.');
}

function checkCard(card: JsonObject): void {
  const body = objectAt(card, 'body');
  if (!body) return;
  const text = requireText(body, 'text', { path: 'Card body', max: 160 });
  if (text.split('\n').length > 3) throw invalid('Card body: at most 2 line breaks.');
}
