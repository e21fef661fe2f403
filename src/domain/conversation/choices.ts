import { isObject, type JsonObject, listAt, textAt } from '#domain/json.ts';

/** What a customer can tap beneath a bubble: reply buttons, a list to choose from, or a link. */
export type Choices =
  | { readonly kind: 'buttons'; readonly buttons: readonly Button[] }
  | {
      readonly kind: 'list';
      /** On the button that opens it. */
      readonly button: string;
      readonly sections: readonly Section[];
    }
  | { readonly kind: 'link'; readonly title: string; readonly url: string };

interface Button {
  /** Comes back with the customer's tap. */
  readonly id: string;
  readonly title: string;
}

interface Section {
  readonly title: string | undefined;
  readonly rows: readonly Row[];
}

interface Row extends Button {
  readonly description: string | undefined;
}

/** A choice that lacks a word of its own is one all the same. @returns undefined for what offers nothing */
export function readChoices(choices: JsonObject | undefined): Choices | undefined {
  switch (choices?.['kind']) {
    case 'buttons': {
      const buttons = listAt(choices, 'buttons').flatMap(readButton);
      return buttons.length > 0 ? { kind: 'buttons', buttons } : undefined;
    }
    case 'list': {
      const sections = listAt(choices, 'sections').flatMap(readSection);
      const button = textAt(choices, 'button') ?? '';
      return sections.length > 0 ? { kind: 'list', button, sections } : undefined;
    }
    case 'link': {
      const url = textAt(choices, 'url');
      return url ? { kind: 'link', title: textAt(choices, 'title') ?? url, url } : undefined;
    }
    default:
      return undefined;
  }
}

function readButton(value: unknown): readonly Button[] {
  if (!isObject(value)) return [];
  const id = textAt(value, 'id') ?? '';
  const title = textAt(value, 'title') ?? id;
  return title ? [{ id, title }] : [];
}

function readSection(value: unknown): readonly Section[] {
  if (!isObject(value)) return [];
  const rows = listAt(value, 'rows').flatMap(readRow);
  return rows.length > 0 ? [{ title: textAt(value, 'title'), rows }] : [];
}

function readRow(value: unknown): readonly Row[] {
  if (!isObject(value)) return [];
  const description = textAt(value, 'description');
  return readButton(value).map((button) => ({ ...button, description }));
}
