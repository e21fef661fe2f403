import type { ArchivedItem, ArchivedMessage } from '#app/ports/chat-archive.ts';
import type { Choice } from '#domain/conversation/choice.ts';
import { deliveryState } from '#domain/conversation/delivery.ts';
import type { HandOver } from '#domain/conversation/hand-over.ts';
import type { ChatHead, OpenTurn } from '#domain/conversation/head.ts';
import type { Progress, StoredInbound } from '#domain/conversation/message.ts';
import type { ContactUsage } from '#domain/limits/contact-usage.ts';
import type { MemoryItem } from '#domain/memory/memory.ts';
import { inDollars } from '#domain/money/micro-usd.ts';
import { readText } from '#domain/whatsapp/message-text.ts';

/** One item with every word that there is of it, as `docs/export.md` describes it. */
export function exportedItem(item: ArchivedItem): object {
  switch (item.kind) {
    case 'head':
      return {
        kind: item.kind,
        key: item.key,
        ...headView(item.head),
        handOver: item.head.handOver && handOverView(item.head.handOver, 'with-words'),
        openTurn: item.head.openTurn,
      };
    case 'message':
      return {
        ...messageView(item),
        id: item.message.message.wamid,
        userId: item.message.message.userId,
        waId: item.message.message.waId,
        text: wordsOf(item) ?? null,
        payload: item.message.message.raw,
        command: item.message.message.command,
        file: fileView(item.message),
      };
    case 'bubble':
      return { ...messageView(item), id: item.bubble.wamid, text: wordsOf(item) ?? null };
    case 'preference':
      return { kind: item.kind, key: item.key, ...marketingView(item.choice) };
    case 'memory':
      return { kind: item.kind, key: item.key, ...memoryView(item.memory) };
    case 'memory-book':
    case 'other':
      return item;
  }
}

/** How a chat stands, without a word of anybody. */
export function headView(head: ChatHead) {
  const { version, tenantId, tenantSinceMs, state, handOver, failures, ...others } = head;
  const { flag, openTurn: _, ...besides } = others;
  const { lastMessageAtMs, movedTo, movedAtMs, phone, formerly, ...kept } = besides;
  const { apologisedAtMs, language, tokenRatio, asked, ...counts } = kept;
  const { pairPaidUpToMs, usage, replies, erasure, ...rest } = counts;
  return {
    tenant: tenantId,
    tenantSince: timeOf(tenantSinceMs),
    state,
    flag,
    // A chat that was only linked to another has none.
    lastMessageAt: someTimeOf(lastMessageAtMs),
    movedTo,
    movedAt: someTimeOf(movedAtMs),
    phone,
    formerly,
    language,
    tokenRatio,
    apologisedAt: timeOf(apologisedAtMs),
    asked: asked > 0 ? asked : undefined,
    pairPaidUpTo: someTimeOf(pairPaidUpToMs),
    usage: usageView(usage),
    replies: replies && choiceView(replies),
    erasure: erasure && { at: timeOf(erasure.atMs), version: erasure.version },
    version,
    failures: failures > 0 ? failures : undefined,
    handOver: handOver && handOverView(handOver),
    ...nothingIn(rest),
  };
}

/** Since when a person has the chat or is asked for, who and why; in words only where they are wanted. */
export function handOverView(handOver: HandOver, words?: 'with-words') {
  const { sinceMs, cause, by, activeAtMs, kept, releasedAtMs, ended, reason, summary } = handOver;
  return {
    since: timeOf(sinceMs),
    cause,
    by,
    activeAt: timeOf(activeAtMs),
    unanswered: kept.length > 0 ? kept.length : undefined,
    releasedAt: timeOf(releasedAtMs),
    ended,
    ...(words && { reason, summary }),
  };
}

/** A field that is added to the head does not compile until it is told above. */
function nothingIn(rest: Readonly<Record<string, never>>): typeof rest {
  return rest;
}

function choiceView({ kind, atMs }: Choice) {
  return { kind, at: timeOf(atMs) };
}

/** What the contact has used of its limits; undefined where nothing was counted yet. */
function usageView(usage: ContactUsage) {
  const {
    answersPaidUpToMs,
    noticesPaidUpToMs,
    minutePaidUpToMs,
    hourPaidUpToMs,
    countedAtMs,
    ...besides
  } = usage;
  const { day, spentInDay, spentInMonth, toldAtMs, ...rest } = besides;
  const view = {
    answersPaidUpTo: someTimeOf(answersPaidUpToMs),
    noticesPaidUpTo: someTimeOf(noticesPaidUpToMs),
    minutePaidUpTo: someTimeOf(minutePaidUpToMs),
    hourPaidUpTo: someTimeOf(hourPaidUpToMs),
    countedAt: someTimeOf(countedAtMs),
    day: day === '' ? undefined : day,
    spentInDay: spentInDay > 0 ? inDollars(spentInDay) : undefined,
    spentInMonth: spentInMonth > 0 ? inDollars(spentInMonth) : undefined,
    toldAt: timeOf(toldAtMs),
    ...nothingIn(rest),
  };
  return Object.values(view).some((each) => each !== undefined) ? view : undefined;
}

/** One thing that is remembered. */
function memoryView({ id: _, kind: what, seenAtMs, expiresAtMs, ...rest }: MemoryItem) {
  return { what, ...rest, seenAt: timeOf(seenAtMs), expiresAt: timeOf(expiresAtMs) };
}

/** What a contact told Meta of marketing messages. */
export function marketingView(choice: Choice | undefined) {
  return { marketing: choice?.kind, marketingAt: timeOf(choice?.atMs) };
}

/** An open turn, without its words. */
export function turnView({ id, kind, waitingSinceMs, parts }: OpenTurn) {
  return {
    turnId: id,
    kind,
    waitingSince: timeOf(waitingSinceMs),
    parts: parts.map(({ delivery }) => delivery.kind),
  };
}

/** When, what and what became of it, without its words. */
export function messageView(item: ArchivedMessage) {
  if (item.kind === 'message') {
    const { message, acceptedAtMs, progress } = item.message;
    return {
      kind: item.kind,
      key: item.key,
      at: timeOf(message.sentAtMs),
      acceptedAt: timeOf(acceptedAtMs),
      type: message.type,
      by: message.command?.by,
      outcome: outcomeOf(progress),
      turnId: progress.kind === 'finished' ? progress.turnId : undefined,
      parking: progress.kind === 'parked' ? progress.parking : undefined,
    };
  }
  const { bubble, delivery } = item;
  return {
    kind: item.kind,
    key: item.key,
    at: timeOf(writtenAtMs(item)),
    turnId: bubble.turnId,
    part: bubble.part,
    outcome: deliveryState(bubble, delivery),
    sends: bubble.sends,
    author: bubble.author,
    sentAt: timeOf(delivery.sentAtMs),
    deliveredAt: timeOf(delivery.deliveredAtMs),
    readAt: timeOf(delivery.readAtMs),
    playedAt: timeOf(delivery.playedAtMs),
    failedAt: timeOf(delivery.failedAtMs),
    failedCode: delivery.failedCode,
    refusedCode: bubble.refusedCode,
    otherStatuses: delivery.otherStatuses.length > 0 ? delivery.otherStatuses : undefined,
    pricing: delivery.pricing,
  };
}

/** Undefined for a type that has no words. */
export function wordsOf(item: ArchivedMessage): string | undefined {
  const words = item.kind === 'message' ? saidIn(item.message) : item.bubble.text;
  return words === '' ? undefined : words;
}

/** With what was heard in a voice note, or read in a document; of a command what is said nowhere else. */
function saidIn({ message, reading }: StoredInbound): string {
  const { command } = message;
  if (command) return command.kind === 'echo' ? command.text : '';
  const words = readText(message);
  return reading?.kind === 'text' ? `${words}\n${reading.text}` : words;
}

/** Where a message's file is kept, and what is known of it. */
function fileView({ reading }: StoredInbound) {
  if (!reading) return undefined;
  const { object } = reading;
  return {
    key: object?.key,
    type: object?.type,
    bytes: object?.bytes,
    reading: reading.kind,
    why: reading.kind === 'unread' ? reading.why : undefined,
  };
}

/** When it was said, in milliseconds: by the customer's clock at Meta, or when we drafted it. */
function writtenAtMs(item: ArchivedMessage): number {
  return item.kind === 'message'
    ? item.message.message.sentAtMs
    : Number(item.bubble.turnId.split('.')[0]);
}

/** The message that came under another id, and went on to this contact's chat. */
export function isMoved({ progress }: StoredInbound): boolean {
  return progress.kind === 'finished' && progress.outcome === 'moved';
}

function outcomeOf(progress: Progress): string {
  switch (progress.kind) {
    case 'finished':
      return progress.outcome;
    case 'parked':
      return `parked ${progress.parking.reason}`;
    case 'unfinished':
      return 'unfinished';
  }
}

/** Of a time that is 0 before the first. */
function someTimeOf(ms: number): string | undefined {
  return ms > 0 ? timeOf(ms) : undefined;
}

function timeOf(ms: number): string;
function timeOf(ms: number | undefined): string | undefined;
function timeOf(ms: number | undefined): string | undefined {
  if (ms === undefined) return undefined;
  const time = new Date(ms);
  // What a sender gave for a time may be beyond all times.
  return Number.isNaN(time.getTime()) ? String(ms) : time.toISOString();
}
