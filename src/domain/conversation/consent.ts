import { type OptOutSettings, optInWords, wishOf } from '#domain/tenant/opt-out.ts';
import type { Choice } from './choice.ts';
import type { ChatHead } from './head.ts';
import type { StoredInbound } from './message.ts';

/** Whether the assistant is silent in this chat. */
export function hasOptedOut({ replies }: ChatHead, settings: OptOutSettings): boolean {
  // Without a word to come back with nobody could.
  return replies?.kind === 'stopped' && optInWords(settings).length > 0;
}

/**
 * What is to be done before anything is answered:
 * - `none`: nobody has opted out
 * - `confirm`: the last of these messages changes that, and all of them are answered by saying so
 * - `keep`: the contact has opted out, so these are kept without a word
 */
export type ConsentStep =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'confirm';
      readonly choice: Choice;
      readonly messages: readonly StoredInbound[];
    }
  | { readonly kind: 'keep'; readonly messages: readonly StoredInbound[] };

/**
 * One step at a time, in the order of Meta's timestamps: what comes after it is looked at again. A wish that
 * is older than the one that was heard last is overtaken by that, and a message like any other.
 */
export function planConsent(
  head: ChatHead,
  toAnswer: readonly StoredInbound[],
  settings: OptOutSettings,
): ConsentStep {
  const isOut = hasOptedOut(head, settings);
  const wanted = isOut ? 'resumed' : 'stopped';
  const heardAtMs = head.replies?.atMs ?? 0;
  const at = toAnswer.findIndex(
    (each) => wishOf(each.message, settings) === wanted && wishedAtMs(each) >= heardAtMs,
  );
  const said = toAnswer[at];
  if (isOut && at !== 0 && toAnswer.length > 0) {
    return { kind: 'keep', messages: at === -1 ? toAnswer : toAnswer.slice(0, at) };
  }
  if (!said) return { kind: 'none' };
  const choice = { kind: wanted, atMs: wishedAtMs(said) } as const;
  return { kind: 'confirm', choice, messages: toAnswer.slice(0, at + 1) };
}

/** Whether the contact says STOP among these, and has not been heard yet. */
export function hasJustStopped(
  head: ChatHead,
  toAnswer: readonly StoredInbound[],
  settings: OptOutSettings,
): boolean {
  const step = planConsent(head, toAnswer, settings);
  return step.kind === 'confirm' && step.choice.kind === 'stopped';
}

function wishedAtMs({ message, acceptedAtMs }: StoredInbound): number {
  return message.sentAtMs || acceptedAtMs;
}
