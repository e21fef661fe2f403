import {
  isObject,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  textAt,
  valueAt,
} from '#domain/json.ts';

/** Of what one card, form or order says: nobody fills in more by hand. */
const MOST_ENTRIES = 50;
const LONGEST_VALUE = 500;

export function locationText(raw: JsonObject): string {
  const place = objectAt(raw, 'location') ?? {};
  const words = [textAt(place, 'name'), textAt(place, 'address'), textAt(place, 'url')];
  const said = words.filter(Boolean).join(', ');
  const latitude = numberAt(place, 'latitude');
  const longitude = numberAt(place, 'longitude');
  const where =
    latitude === undefined || longitude === undefined ? '' : ` ${latitude}, ${longitude}`;
  return `[The customer sent a location]${where}${said ? ` (${said})` : ''}`;
}

/** Names, numbers and addresses; the rest of a card is of no use to an assistant. */
export function contactsText(raw: JsonObject): string {
  const cards = listAt(raw, 'contacts').filter(isObject).slice(0, MOST_ENTRIES);
  const isShared = cards.some((card) => card['origin'] === 'contact_request');
  const what = isShared ? 'shared their own contact details' : 'sent contact cards';
  return `[The customer ${what}] ${cards.map(cardText).join('; ')}`.trim();
}

function cardText(card: JsonObject): string {
  const name = textAt(objectAt(card, 'name') ?? {}, 'formatted_name') ?? '';
  const company = textAt(objectAt(card, 'org') ?? {}, 'company');
  const details = [
    company,
    ...valuesOf(card, 'phones', 'phone'),
    ...valuesOf(card, 'emails', 'email'),
  ].filter(Boolean);
  return details.length > 0 ? `${name} (${details.join(', ')})`.trim() : name;
}

function valuesOf(card: JsonObject, list: string, key: string): readonly string[] {
  return listAt(card, list)
    .filter(isObject)
    .slice(0, MOST_ENTRIES)
    .flatMap((each) => textAt(each, key) ?? []);
}

export function orderText(raw: JsonObject): string {
  const order = objectAt(raw, 'order') ?? {};
  const items = listAt(order, 'product_items')
    .filter(isObject)
    .slice(0, MOST_ENTRIES)
    .map((item) => {
      const price = [numberAt(item, 'item_price'), textAt(item, 'currency')]
        .filter(Boolean)
        .join(' ');
      const product = textAt(item, 'product_retailer_id') ?? 'unknown product';
      return `${numberAt(item, 'quantity') ?? 1} × ${product}${price ? ` at ${price}` : ''}`;
    });
  const note = textAt(order, 'text');
  return `[The customer placed an order] ${items.join('; ')}${note ? ` (${note})` : ''}`.trim();
}

/** The fields of a form, one a line, such as `name: Mira`; an address is a form of Meta's own. */
export function formText(form: JsonObject): string {
  const isAddress = textAt(form, 'name') === 'address_message';
  const what = isAddress ? 'sent an address' : 'filled in a form';
  const answers = parse(textAt(form, 'response_json') ?? '');
  if (!answers) return `[The customer ${what}, which cannot be read]`;
  const lines = fieldLines(answers, '').slice(0, MOST_ENTRIES);
  return `[The customer ${what}]\n${lines.join('\n')}`.trim();
}

/** What only matters to whoever made the form. */
const OF_THE_MACHINE = ['flow_token', 'wa_flow_response_params'];

function fieldLines(answers: JsonObject, within: string): readonly string[] {
  return Object.keys(answers)
    .filter((name) => !OF_THE_MACHINE.includes(name))
    .flatMap((name) => {
      const value = valueAt(answers, name);
      // Two levels are enough for an address; deeper ones are written as they are.
      if (isObject(value) && within === '') return fieldLines(value, `${name}.`);
      return [`${within}${name}: ${written(value).slice(0, LONGEST_VALUE)}`];
    });
}

function written(value: unknown): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.map(written).join(', ') : (JSON.stringify(value) ?? '');
}

function parse(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
