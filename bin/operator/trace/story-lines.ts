import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import { textAt } from '#domain/json.ts';
import { type FoundMessage, turnOf } from './find-message.ts';
import type { LoggedLine, LogQuestion, LogSearch } from './log-search.ts';

/** A message whose story is asked for. */
export interface Subject {
  readonly wamid: string;
  readonly found: FoundMessage | undefined;
}

type Period = Pick<LogQuestion, 'fromMs' | 'toMs'>;

/** Lines that name the message itself. */
export function linesNaming(
  wamid: string,
  period: Period,
  logs: LogSearch,
): Promise<readonly LoggedLine[]> {
  const name = pseudonyms.ofWamid(wamid);
  return logs.search({
    ...period,
    anyOf: [
      ['messageId', name],
      ['bubbleId', name],
    ],
  });
}

/**
 * All lines of the story. The work on a message goes under the id of the webhook that brought it, or that
 * brought what it was answered with: which one, only the lines of its turn tell, so that a second look may
 * be needed.
 */
export async function linesOfStory(
  subject: Subject,
  naming: readonly LoggedLine[],
  period: Period,
  logs: LogSearch,
): Promise<readonly LoggedLine[]> {
  const first = questionsOf(subject, naming);
  const seen = first.length > 0 ? await logs.search({ ...period, anyOf: first }) : [];
  const second = questionsOf(subject, [...naming, ...seen]);
  const isMore = second.length > first.length;
  const more = isMore ? await logs.search({ ...period, anyOf: second }) : seen;
  const all = new Map(
    [...naming, ...more].map((line) => [JSON.stringify([line.atMs, line.fields]), line]),
  );
  return [...all.values()]
    .filter((line) => isOfStory(line, subject))
    .toSorted((one, other) => one.atMs - other.atMs);
}

function questionsOf(
  { found }: Subject,
  lines: readonly LoggedLine[],
): readonly (readonly [string, string])[] {
  const turn = found && turnOf(found.item);
  const received = (found?.turn ?? []).concat(found ? [found.item] : []);
  const correlationIds = new Set([
    ...received.flatMap((each) => (each.kind === 'message' ? [each.message.correlationId] : [])),
    // A status comes with a webhook of its own, in which others may be.
    ...lines
      .filter(({ service }) => service !== 'events')
      .flatMap(({ fields }) => textAt(fields, 'correlationId') ?? []),
  ]);
  return [
    ...(turn === undefined ? [] : [['turnId', turn] as const]),
    ...[...correlationIds].map((id) => ['correlationId', id] as const),
  ];
}

/** A webhook may bring many chats' messages, and a chat's next turn may go under the same id. */
function isOfStory({ event, fields }: LoggedLine, { wamid, found }: Subject): boolean {
  const name = pseudonyms.ofWamid(wamid);
  const [chat, messageId] = ['chat', 'messageId'].map((field) => textAt(fields, field));
  const names = [messageId, textAt(fields, 'bubbleId')];
  if (names.includes(name)) return true;
  if (event === 'message_arrived') return false;
  const turnId = textAt(fields, 'turnId');
  const turn = found && turnOf(found.item);
  if (turn !== undefined && turnId !== undefined && turnId !== turn) return false;
  return chat === undefined || !found || chat === pseudonyms.ofChat(found.chat);
}
