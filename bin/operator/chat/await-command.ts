import type { ArchivedMessage } from '#app/ports/chat-archive.ts';
import type { Command } from '#domain/conversation/command.ts';
import { commandMessage } from '#domain/conversation/command.ts';
import { deliveryState } from '#domain/conversation/delivery.ts';
import { inboundKey } from '#domain/conversation/message.ts';
import type { Parking } from '#domain/conversation/parking.ts';
import type { Chat } from '#domain/ids.ts';
import type { CommandDeps } from '#operator/command-line.ts';
import type { Application } from '#operator/connect.ts';

export interface GivenCommand {
  readonly chat: Chat;
  readonly command: Command;
  readonly id: string;
  readonly atMs: number;
}

/** What has become of a command: carried out, and of words how far they have come. */
export interface Awaited {
  readonly isCarriedOut: boolean;
  /** Why it waits for the operator, with all that is behind it in the chat. */
  readonly parking: Parking | undefined;
  /** Undefined where nothing was to be sent, or nothing is sent yet. */
  readonly delivery: string | undefined;
}

const LOOK_EVERY_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** States that another one follows within seconds. */
const ON_ITS_WAY = ['unknown', 'accepted', 'sent'];
/** A bubble of it is among the newest. */
const LOOKED_AT = 50;

/** Looks until the command is carried out and its words have arrived, or for a minute. */
export async function awaitCommand(
  given: GivenCommand,
  { archive, clock }: Pick<Application, 'archive' | 'clock'>,
  pause: CommandDeps['pause'],
): Promise<Awaited> {
  const untilMs = clock.now() + LONGEST_WAIT_MS;
  for (;;) {
    const awaited = await look(given, archive);
    const isOver =
      awaited.parking !== undefined ||
      (awaited.isCarriedOut &&
        (awaited.delivery === undefined || !ON_ITS_WAY.includes(awaited.delivery)));
    if (isOver || clock.now() >= untilMs) return awaited;
    await pause(LOOK_EVERY_MS);
  }
}

async function look(
  { chat, command, id, atMs }: GivenCommand,
  archive: Application['archive'],
): Promise<Awaited> {
  const key = inboundKey(commandMessage(chat, command, { id, atMs }));
  const [entry] = await archive.messagesOf(chat, [key]);
  const progress = entry?.kind === 'message' ? entry.message.progress : undefined;
  if (progress?.kind !== 'finished') {
    const parking = progress?.kind === 'parked' ? progress.parking : undefined;
    return { isCarriedOut: false, parking, delivery: undefined };
  }
  const { turnId } = progress;
  const carriedOut = { isCarriedOut: true, parking: undefined };
  if (turnId === undefined) return { ...carriedOut, delivery: undefined };
  const bubbles = (await archive.newest(chat, LOOKED_AT)).filter(
    (each) => each.kind === 'bubble' && each.bubble.turnId === turnId,
  );
  return { ...carriedOut, delivery: stateOf(bubbles) };
}

/** Whether WhatsApp would not have the words, or could not bring them. */
export function isUndelivered({ delivery }: Awaited): boolean {
  return delivery !== undefined && /^(?:refused|failed) /.test(delivery);
}

/** Of the bubble that has come least far. */
function stateOf(bubbles: readonly ArchivedMessage[]): string | undefined {
  const states = bubbles.flatMap((each) =>
    each.kind === 'bubble' ? deliveryState(each.bubble, each.delivery) : [],
  );
  return (
    ON_ITS_WAY.find((state) => states.includes(state)) ??
    states.find((state) => /^(?:refused|failed) /.test(state)) ??
    states[0]
  );
}
