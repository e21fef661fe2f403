import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import type { ArchivedMessage } from '#app/ports/chat-archive.ts';
import { textAt } from '#domain/json.ts';
import { messageView, wordsOf } from '#operator/archive-view.ts';
import { tableOf } from '#operator/plain-text.ts';
import { withoutControls } from '#operator/terminal.ts';
import type { FoundMessage } from './find-message.ts';
import type { LoggedLine } from './log-search.ts';
import { dollarsIn, stepsOf } from './story.ts';

/** A message's story, before it is printed. */
export interface Story {
  readonly wamid: string;
  readonly found: FoundMessage | undefined;
  readonly lines: readonly LoggedLine[];
  readonly sinceMs: number;
  readonly hasText: boolean;
}

/** Everything of it as data; what anybody said only where that was asked for. */
export function storyView({ wamid, found, lines, sinceMs, hasText }: Story) {
  const named = (field: string) =>
    lines.map(({ fields }) => textAt(fields, field)).find((each) => each !== undefined);
  const view = (item: ArchivedMessage) => ({
    ...messageView(item),
    ...(hasText && { text: wordsOf(item) ?? null }),
  });
  const head = typeof found?.head === 'object' ? found.head : undefined;
  return {
    message: pseudonyms.ofWamid(wamid),
    stored: found !== undefined,
    tenant: head?.tenantId ?? named('tenantId') ?? null,
    phoneNumberId: found?.chat.phoneNumberId ?? named('phoneNumberId') ?? null,
    chat: found ? pseudonyms.ofChat(found.chat) : (named('chat') ?? null),
    ...(hasText && found && { contact: found.chat.contact }),
    state: head?.state ?? null,
    item: found ? view(found.item) : null,
    turn: (found?.turn ?? []).filter((each) => each.key !== found?.item.key).map(view),
    dollars: dollarsIn(lines) ?? null,
    steps: withWaits(stepsOf(found, lines)),
    logs: { since: new Date(sinceMs).toISOString(), lines: lines.length },
  };
}

function withWaits(steps: ReturnType<typeof stepsOf>) {
  return steps.map(({ atMs, ...step }, index) => {
    const before = steps[index - 1]?.atMs;
    const at = new Date(atMs);
    return {
      at: Number.isNaN(at.getTime()) ? String(atMs) : at.toISOString(),
      ...step,
      afterMs: before === undefined ? null : atMs - before,
    };
  });
}

export function storyInWords(story: Story): string {
  const { item, turn, steps, ...view } = storyView(story);
  const told: Readonly<Record<string, string | null | undefined>> = {
    message: view.message,
    tenant: view.tenant,
    number: view.phoneNumberId,
    chat: view.chat,
    contact: view.contact,
    what: story.found ? whatOf(story.found.item) : 'in the logs only: nothing of it is stored',
    outcome: item?.outcome,
    reply: story.found && repliesOf(story.found),
    cost: view.dollars === null ? undefined : `$${view.dollars.toFixed(6)}`,
  };
  const heading = Object.entries(told).flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [[name, withoutControls(value)]],
  );
  const rows = steps.map(({ at, afterMs, station, what }) => [
    at,
    waitInWords(afterMs),
    station,
    withoutControls(what),
  ]);
  const words = story.hasText ? [item, ...turn].map(textOf).join('') : '';
  return `${tableOf(heading)}\n${tableOf([['TIME', 'AFTER', 'STATION', 'WHAT'], ...rows])}${words}`;
}

function whatOf(item: ArchivedMessage): string {
  if (item.kind === 'bubble') return `part ${item.bubble.part + 1} of what we said`;
  const { command, type } = item.message.message;
  return command ? `${command.kind} by ${command.by}` : `${type} of the customer`;
}

/** What became of each part of the reply; undefined for a bubble, and where there is none. */
function repliesOf({ item, turn }: FoundMessage): string | undefined {
  if (item.kind === 'bubble') return undefined;
  const parts = turn.filter((each) => each.kind === 'bubble');
  if (parts.length === 0) return undefined;
  return parts
    .map((each) => `part ${each.bubble.part + 1} ${messageView(each).outcome}`)
    .join(', ');
}

/** Clocks differ, and Meta's has whole seconds: a step may seem to come before the one that led to it. */
function waitInWords(afterMs: number | null): string {
  if (afterMs === null) return '';
  if (afterMs < 1_000) return `+${afterMs} ms`;
  if (afterMs < 90_000) return `+${(afterMs / 1_000).toFixed(1)} s`;
  if (afterMs < 5_400_000) return `+${Math.round(afterMs / 60_000)} min`;
  return `+${Math.round(afterMs / 3_600_000)} h`;
}

function textOf(item: { readonly text?: string | null; readonly kind: string } | null): string {
  if (!item?.text) return '';
  const who = item.kind === 'message' ? 'customer' : 'us';
  return `\n${who}: ${withoutControls(item.text)}\n`;
}
