import { languageFor } from '#domain/whatsapp/contact-languages.ts';
import type { TextKind } from './manners-settings.ts';
import { languagesOf, requiredText, type Speaker } from './set-texts.ts';

/** Whom a set text is for, as far as that is known. */
export interface Listener {
  readonly contact: string;
  /** Of our last answer to them. */
  readonly language: string | undefined;
}

/** In which language a contact is spoken to where no model writes: see `languageFor`. */
export function languageOf(tenant: Speaker, { contact, language }: Listener): string | undefined {
  return languageFor(contact, language, languagesOf(tenant));
}

/** A set text in the contact's language. */
export function textFor(
  tenant: Speaker,
  kind: Exclude<TextKind, 'greeting'>,
  { contact }: { readonly contact: string },
  { language }: { readonly language: string | undefined },
): string {
  return requiredText(tenant, kind, languageOf(tenant, { contact, language }));
}
