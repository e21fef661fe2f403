import type { Choices } from '#domain/conversation/choices.ts';
import { isWebAddress } from './web-address.ts';

/** What WhatsApp takes of interactive messages (Cloud API, limits of 2026-09-11), counted as texts are. */
const MOST_BUTTONS = 3;
const MOST_ROWS = 10;
const TITLE = { button: 20, row: 24, section: 24, listButton: 20, link: 20 };
const DESCRIPTION = 72;
const ID = { button: 256, row: 200 };
const BODY = { buttons: 1_024, list: 4_096, link: 1_024 };

/**
 * The choices as WhatsApp takes them beneath this text; spaces are put straight, and an id that cannot come
 * back is made anew. Nothing is cut: words that do not fit are said in the text instead.
 * @returns undefined where they do not fit
 */
export function fittingChoices(choices: Choices, body: string): Choices | undefined {
  if (body.length > BODY[choices.kind]) return undefined;
  switch (choices.kind) {
    case 'buttons':
      return fittingButtons(choices);
    case 'list':
      return fittingList(choices);
    case 'link': {
      const title = onOneLine(choices.title);
      const fits = isOfLength(title, TITLE.link) && isWebAddress(choices.url);
      return fits ? { ...choices, title } : undefined;
    }
  }
}

type Of<Kind extends Choices['kind']> = Extract<Choices, { kind: Kind }>;

function fittingButtons(choices: Of<'buttons'>): Of<'buttons'> | undefined {
  const titled = choices.buttons.map((each) => ({ ...each, title: onOneLine(each.title) }));
  const buttons = withIds(titled, ID.button);
  const titles = new Set(buttons.map(({ title }) => title));
  const fits =
    buttons.length > 0 &&
    buttons.length <= MOST_BUTTONS &&
    titles.size === buttons.length &&
    buttons.every(({ title }) => isOfLength(title, TITLE.button));
  return fits ? { ...choices, buttons } : undefined;
}

function fittingList(choices: Of<'list'>): Of<'list'> | undefined {
  const button = onOneLine(choices.button);
  const rows = choices.sections.flatMap((section) => section.rows);
  const named = withIds(rows, ID.row).map(({ description, ...row }) => ({
    ...row,
    title: onOneLine(row.title),
    description: description === undefined ? undefined : onOneLine(description) || undefined,
  }));
  let taken = 0;
  const sections = choices.sections.map(({ title, rows: { length } }) => {
    const own = named.slice(taken, taken + length);
    taken += length;
    return { title: title === undefined ? undefined : onOneLine(title) || undefined, rows: own };
  });
  const fits =
    isOfLength(button, TITLE.listButton) &&
    rows.length > 0 &&
    rows.length <= MOST_ROWS &&
    named.every(({ title }) => isOfLength(title, TITLE.row)) &&
    named.every(({ description = '' }) => description.length <= DESCRIPTION) &&
    sections.every((section) => section.rows.length > 0) &&
    sections.every(({ title }) => isTitled(title, sections.length));
  return fits ? { ...choices, button, sections } : undefined;
}

/** With several sections each needs a title. */
function isTitled(title: string | undefined, sections: number): boolean {
  return title === undefined ? sections === 1 : isOfLength(title, TITLE.section);
}

/** Unique, and short enough to come back. */
function withIds<Item extends { readonly id: string }>(
  items: readonly Item[],
  longest: number,
): readonly Item[] {
  const ids = new Set(items.map(({ id }) => id.trim()));
  const areGood =
    ids.size === items.length && [...ids].every((id) => id.length > 0 && id.length <= longest);
  return items.map((item, index) => ({
    ...item,
    id: areGood ? item.id.trim() : `choice-${index + 1}`,
  }));
}

function isOfLength(text: string, longest: number): boolean {
  return text.length > 0 && text.length <= longest;
}

function onOneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
