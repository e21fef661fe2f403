import type { ChatHead } from '#domain/conversation/head.ts';
import type { Failure } from '#domain/failure.ts';
import { hasRoomFor } from '#domain/limits/contact-usage.ts';
import { soundFileName } from '#domain/media/content-type.ts';
import { MOST_PDF_PAGES, MOST_SOUND_SECONDS, MOST_TEXT_CHARACTERS } from '#domain/media/limits.ts';
import type { Medium } from '#domain/media/medium.ts';
import type { KeptObject, MediaReading, UnreadReason } from '#domain/media/reading.ts';
import { soundSecondsAtMost } from '#domain/media/sound-length.ts';
import { type MicroUsd, NO_MONEY } from '#domain/money/micro-usd.ts';
import { costOfTranscription } from '#domain/money/transcription-prices.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import type { ChatWork } from './answer-chat.ts';
import type { Clock } from './ports/clock.ts';
import type { DocumentReader } from './ports/document-reader.ts';
import type { Log } from './ports/log.ts';
import type { Metrics } from './ports/metrics.ts';
import type { SpendLedger } from './ports/spend-ledger.ts';
import type { Transcriber } from './ports/transcriber.ts';
import { spenderOf } from './spender-of.ts';

export interface ReadWordsDeps {
  readonly transcriber: Transcriber;
  readonly documents: DocumentReader;
  readonly ledger: SpendLedger;
  /** For tenants that chose none. */
  readonly transcriptionModel: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

interface WordsTask {
  readonly work: ChatWork;
  readonly tenant: Tenant;
  readonly head: ChatHead;
  readonly endsAtMs: number;
}

interface Content {
  readonly object: KeptObject;
  readonly bytes: Uint8Array;
}

export type WordsRead =
  | { readonly kind: 'read'; readonly reading: MediaReading; readonly cost: MicroUsd }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly cost: MicroUsd };

const LONGEST_TRANSCRIPTION_MS = 15_000;
const LONGEST_DOCUMENT_MS = 5_000;

/** What is said in a recording, or stands in a document. */
export function readWords(
  task: WordsTask,
  { kind }: Medium,
  content: Content,
  deps: ReadWordsDeps,
): Promise<WordsRead> {
  return kind === 'audio' ? transcribe(task, content, deps) : readDocument(task, content, deps);
}

async function readDocument(
  { endsAtMs }: WordsTask,
  { object, bytes }: Content,
  { documents, clock }: ReadWordsDeps,
): Promise<WordsRead> {
  const found = await documents.read({
    type: object.type,
    bytes,
    mostPages: MOST_PDF_PAGES,
    mostCharacters: MOST_TEXT_CHARACTERS,
    timeoutMs: Math.min(LONGEST_DOCUMENT_MS, endsAtMs - clock.now()),
  });
  if (found.kind !== 'text') return unread('unreadable', object);
  const { text, isCut } = found;
  return { kind: 'read', reading: { kind: 'text', object, text, isCut }, cost: NO_MONEY };
}

/** The most that it can cost is held before, and what it has cost is settled after it. */
async function transcribe(
  task: WordsTask,
  content: Content,
  deps: ReadWordsDeps,
): Promise<WordsRead> {
  const { work, tenant, head } = task;
  const { object, bytes } = content;
  const { clock, ledger, metrics } = deps;
  const fileName = soundFileName(object.type);
  if (!fileName) return unread('unsupported', object);
  const seconds = soundSecondsAtMost(bytes, object.type);
  if (seconds > MOST_SOUND_SECONDS) return unread('too-long', object);
  const model = tenant.media.transcriptionModel ?? deps.transcriptionModel;
  const bound = costOfTranscription(model, seconds);
  const { contactPerDay, contactPerMonth } = tenant.budget;
  const ofContact = { perDay: contactPerDay, perMonth: contactPerMonth };
  if (!hasRoomFor(head.usage, bound, ofContact, clock.now())) return tooDear(object, deps);
  // It is part of a turn, and no turn of its own.
  const spender = spenderOf(tenant, work.chat, { turnsPerMinute: undefined });
  const terms = { ...spender.terms, turnsPerMinute: undefined };
  const reserved = await ledger.reserve({ ...spender, terms }, bound, clock.now());
  if (reserved.kind === 'refused') return tooDear(object, deps);
  const startedMs = clock.now();
  const timeoutMs = Math.min(LONGEST_TRANSCRIPTION_MS, task.endsAtMs - startedMs);
  const said = await deps.transcriber.transcribe({ model, bytes, fileName, timeoutMs });
  const cost = costOf(said, model, bound);
  const durationMs = clock.now() - startedMs;
  await ledger.settle(reserved.reservation, cost > 0 ? { transcription: cost } : {});
  if (cost > 0) metrics.count('TranscriptionCost', cost);
  deps.log.info('voice_heard', { kind: said.kind, model, durationMs, cost });
  if (said.kind === 'failed') return afterFailure(said.failure, cost, object, deps);
  metrics.count('Transcriptions');
  metrics.duration('TranscriptionTime', durationMs);
  if (said.text === '') return unread('unreadable', object, cost);
  const isCut = said.text.length > MOST_TEXT_CHARACTERS;
  const text = said.text.slice(0, MOST_TEXT_CHARACTERS);
  return { kind: 'read', reading: { kind: 'text', object, text, isCut }, cost };
}

/** What the peer counted; all of the bound where it may have been paid, and nothing says how much. */
function costOf(
  said: Awaited<ReturnType<Transcriber['transcribe']>>,
  model: string,
  bound: MicroUsd,
): MicroUsd {
  if (said.kind === 'text') {
    return said.seconds === undefined ? bound : costOfTranscription(model, said.seconds);
  }
  return said.failure.mayHaveCost ? bound : NO_MONEY;
}

/** A key or a model that nobody repairs within minutes is no reason to keep the customer waiting. */
function afterFailure(
  failure: Failure,
  cost: MicroUsd,
  object: KeptObject,
  { metrics, log }: ReadWordsDeps,
): WordsRead {
  metrics.count('TranscriptionFailures');
  const fields = { class: failure.class, code: failure.code };
  if (failure.class === 'retry') return { kind: 'failed', failure, cost };
  if (failure.class === 'fix-needed') {
    metrics.count('TranscriptionUnusable');
    log.error('transcription_failed', fields);
    return unread('unavailable', object, cost);
  }
  log.warn('transcription_failed', fields);
  return unread('unreadable', object, cost);
}

function tooDear(object: KeptObject, { metrics, log }: ReadWordsDeps): WordsRead {
  metrics.count('TranscriptionsTooDear');
  log.warn('transcription_too_dear');
  return unread('too-dear', object);
}

function unread(why: UnreadReason, object: KeptObject, cost: MicroUsd = NO_MONEY): WordsRead {
  return { kind: 'read', reading: { kind: 'unread', object, why }, cost };
}
