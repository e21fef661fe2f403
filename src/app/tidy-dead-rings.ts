import type { MessageKey } from '#domain/conversation/message.ts';
import { type Chat, chatKey } from '#domain/ids.ts';
import type { Clock } from './ports/clock.ts';
import type { DeadRing, DeadRings } from './ports/dead-rings.ts';
import type { ParkedMessages } from './ports/parked-messages.ts';
import type { ChatBell, Ring } from './ports/queues.ts';
import { walkDeadRings } from './walk-dead-rings.ts';

export interface TidyDeadRingsDeps {
  readonly parked: ParkedMessages;
  readonly deadRings: DeadRings;
  readonly bell: ChatBell;
  readonly clock: Clock;
}

/** Each ring counts once. */
export interface Tidied {
  readonly removed: number;
  /** Given up by the queue while their messages are unfinished: rung again, and removed. */
  readonly rungAgain: number;
  /** Of messages that are parked still: they go when those are redriven. */
  readonly kept: number;
  /** To be rung again, and the queue did not take it: the ring stays. */
  readonly notTaken: number;
  /** Written by a later version. */
  readonly unreadable: number;
}

type Verdict = 'remove' | 'ring-again' | 'keep' | 'unreadable' | 'not-taken' | 'of-others';

/**
 * Takes rings off the dead-letter queue that nobody needs any more. The table decides, whoever rang:
 * - The message is finished or gone, or unfinished and watched by the sweeper: the ring is removed. Had
 *   it been parked anew meanwhile, there would be a younger ring for that.
 * - The queue itself gave the ring up, and the message is unfinished: it is rung again before.
 * - The message is parked: one ring of it stays.
 * @param chats only their rings, and those that cannot be read; undefined: all
 */
export async function tidyDeadRings(
  justRung: ReadonlySet<MessageKey>,
  deps: TidyDeadRingsDeps,
  chats?: readonly Chat[],
): Promise<Tidied> {
  const wanted = chats && new Set(chats.map(chatKey));
  const verdicts = new Map<string, Verdict>();

  await walkDeadRings(deps.deadRings, async (rings) => {
    const judged = await Promise.all(
      rings.map((dead) => (isWanted(dead, wanted) ? judge(dead, justRung, deps) : 'of-others')),
    );
    const settled = await ringAgain(rings, onlyLastKept(rings, judged), deps);
    for (const [index, { messageId }] of rings.entries()) {
      verdicts.set(messageId, settled[index] ?? 'keep');
    }
    return rings.filter((_, index) => isGoing(settled[index]));
  });

  const counts = Map.groupBy(verdicts.values(), (verdict) => verdict);
  const countOf = (verdict: Verdict) => counts.get(verdict)?.length ?? 0;
  return {
    removed: countOf('remove'),
    rungAgain: countOf('ring-again'),
    kept: countOf('keep'),
    notTaken: countOf('not-taken'),
    unreadable: countOf('unreadable'),
  };
}

function isWanted({ ring }: DeadRing, wanted: ReadonlySet<string> | undefined): boolean {
  return ring === 'malformed' || wanted === undefined || wanted.has(chatKey(ring.chat));
}

function isGoing(verdict: Verdict | undefined): boolean {
  return verdict === 'remove' || verdict === 'ring-again';
}

async function judge(
  { ring, isParked }: DeadRing,
  justRung: ReadonlySet<MessageKey>,
  { parked }: TidyDeadRingsDeps,
): Promise<Verdict> {
  if (ring === 'malformed') return 'unreadable';
  const fate = await parked.readFate(ring.chat, ring.messageKey);
  if (fate === 'parked') return 'keep';
  const isWatched = isParked || justRung.has(ring.messageKey);
  return fate === 'unfinished' && !isWatched ? 'ring-again' : 'remove';
}

/** A message that was parked more than once has a ring of each time. */
function onlyLastKept(
  rings: readonly DeadRing[],
  verdicts: readonly Verdict[],
): readonly Verdict[] {
  const last = new Map(
    rings.flatMap(({ ring }, index) => (ring === 'malformed' ? [] : [[nameOf(ring), index]])),
  );
  return rings.map(({ ring }, index) => {
    const verdict = verdicts[index] ?? 'keep';
    const isOlder = ring !== 'malformed' && last.get(nameOf(ring)) !== index;
    return verdict === 'keep' && isOlder ? 'remove' : verdict;
  });
}

function nameOf({ chat, messageKey }: Ring): string {
  return `${chatKey(chat)}#${messageKey}`;
}

async function ringAgain(
  dead: readonly DeadRing[],
  verdicts: readonly Verdict[],
  { bell, clock }: TidyDeadRingsDeps,
): Promise<readonly Verdict[]> {
  const number = clock.now();
  const rings = dead.flatMap(({ ring }, index) =>
    ring !== 'malformed' && verdicts[index] === 'ring-again' ? [{ ...ring, number }] : [],
  );
  if (rings.length === 0) return verdicts;
  const notTaken = new Set((await bell.ring(rings)).map(nameOf));
  return verdicts.map((verdict, index) => {
    const ring = dead[index]?.ring;
    const isLost = ring && ring !== 'malformed' && notTaken.has(nameOf(ring));
    return verdict === 'ring-again' && isLost ? 'not-taken' : verdict;
  });
}
