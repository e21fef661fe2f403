import type { ArchivedMessage } from '#app/ports/chat-archive.ts';
import { type JsonObject, numberAt } from '#domain/json.ts';
import type { FoundMessage } from './find-message.ts';
import type { LoggedLine } from './log-search.ts';

type ArchivedBubble = Extract<ArchivedMessage, { readonly kind: 'bubble' }>;

/** Something that happened to a message, and where. */
export interface Step {
  readonly atMs: number;
  readonly station: string;
  readonly what: string;
  readonly source: 'table' | 'log';
}

/** What happened to a message, in the order of the clocks that tell it: Meta's has whole seconds. */
export function stepsOf(
  found: FoundMessage | undefined,
  lines: readonly LoggedLine[],
): readonly Step[] {
  const steps = [...(found ? stepsOfRecords(found) : []), ...lines.map(stepOfLine)];
  return steps.toSorted((one, other) => one.atMs - other.atMs);
}

function stepsOfRecords({ head, item, turn }: FoundMessage): readonly Step[] {
  const told = (turn.length > 0 ? turn : [item]).flatMap((each) =>
    each.kind === 'message' ? stepsOfMessage(each, item) : stepsOfBubble(each),
  );
  const drafted = turn.find((each) => each.kind === 'bubble');
  const handOver = typeof head === 'object' ? head.handOver : undefined;
  return [
    ...told,
    ...(drafted ? [inTable(draftedAtMs(drafted), 'processor', 'reply drafted')] : []),
    ...(handOver
      ? [inTable(handOver.sinceMs, 'hand-over', `a person has it: ${handOver.cause}`)]
      : []),
    ...(handOver?.releasedAtMs
      ? [inTable(handOver.releasedAtMs, 'hand-over', 'given back to the assistant')]
      : []),
  ];
}

/** A turn is called by when it was drafted. */
function draftedAtMs({ bubble }: ArchivedBubble): number {
  return Number(bubble.turnId.split('.')[0]);
}

function stepsOfMessage(
  each: Extract<ArchivedMessage, { readonly kind: 'message' }>,
  asked: ArchivedMessage,
): readonly Step[] {
  const { message, acceptedAtMs, waitingSinceMs, progress } = each.message;
  const which = each.key === asked.key ? '' : ', another message of the turn';
  const written = message.command
    ? inTable(message.sentAtMs, 'business', `${message.command.kind} by ${message.command.by}`)
    : inTable(message.sentAtMs, 'WhatsApp', `${message.type} written by the customer${which}`);
  const resumed =
    waitingSinceMs === acceptedAtMs
      ? []
      : [inTable(waitingSinceMs, 'inbox', 'taken up again after it was parked or left')];
  const parked =
    progress.kind === 'parked' && resumed.length === 0
      ? `accepted${which}; parked since`
      : `accepted${which}`;
  return [written, inTable(acceptedAtMs, 'inbox', parked), ...resumed];
}

function stepsOfBubble({ bubble, delivery }: ArchivedBubble): readonly Step[] {
  const states = [
    ['sent', delivery.sentAtMs],
    ['delivered', delivery.deliveredAtMs],
    ['read', delivery.readAtMs],
    ['played', delivery.playedAtMs],
    [`failed ${delivery.failedCode ?? 'without a code'}`, delivery.failedAtMs],
  ] as const;
  return states.flatMap(([state, atMs]) =>
    atMs === undefined ? [] : [inTable(atMs, 'WhatsApp', `part ${bubble.part + 1} ${state}`)],
  );
}

function inTable(atMs: number, station: string, what: string): Step {
  return { atMs, station, what, source: 'table' };
}

/** What of a line's fields is no news: it is in the heading of the story, or in every line. */
const TOLD = new Set([
  ...['timestamp', 'level', 'service', 'message', 'sampling_rate', 'xray_trace_id'],
  ...['tenantId', 'phoneNumberId', 'chat', 'messageId', 'bubbleId', 'turnId', 'correlationId'],
]);

/** Events of the processor that tell of a peer. */
const PEERS: Readonly<Record<string, string>> = {
  model_called: 'model',
  model_failed: 'model',
  voice_heard: 'model',
  transcription_failed: 'model',
  bubble_sent: 'WhatsApp',
  send_refused: 'WhatsApp',
  send_ambiguous: 'WhatsApp',
};

function stepOfLine({ atMs, service, event, level, fields }: LoggedLine): Step {
  const details = Object.entries(fields).flatMap(([name, value]) =>
    TOLD.has(name) || typeof value === 'object' ? [] : [`${name}=${value}`],
  );
  const loud = level === 'ERROR' || level === 'WARN' ? [level] : [];
  const what = [event, ...details, ...loud].join(' ');
  return { atMs, station: PEERS[event] ?? service, what, source: 'log' };
}

/** What the calls of the model and the voice notes have cost, in dollars, as far as lines tell. */
export function dollarsIn(lines: readonly LoggedLine[]): number | undefined {
  const costs = lines.flatMap(({ event, fields }) => costIn(event, fields));
  return costs.length === 0 ? undefined : costs.reduce((sum, each) => sum + each, 0) / 1_000_000;
}

function costIn(event: string, fields: JsonObject): readonly number[] {
  const cost = numberAt(fields, 'cost');
  const isPaid = event === 'model_called' || event === 'voice_heard';
  return isPaid && cost !== undefined ? [cost] : [];
}
