import { backoffMs } from '#domain/backoff.ts';
import { withoutEndedTurn } from '#domain/conversation/ended-turn.ts';
import { isErased } from '#domain/conversation/erasure.ts';
import { framed } from '#domain/conversation/framed.ts';
import type { ChatHead } from '#domain/conversation/head.ts';
import type { StoredMessage } from '#domain/conversation/message.ts';
import { type PlacedMessage, placeHistory } from '#domain/conversation/prompt.ts';
import { shielded } from '#domain/conversation/shield.ts';
import { isOwn } from '#domain/conversation/tenancy.ts';
import type { Chat } from '#domain/ids.ts';
import { isShown } from '#domain/memory/known-text.ts';
import { type ChatMemory, currentMemory, NO_MEMORY, versionOfTurn } from '#domain/memory/memory.ts';
import { type Fold, planFold } from '#domain/memory/window.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import { type LearnDeps, learnFrom, summariseFold, type Updated } from './learn-from-chat.ts';
import type { ChatMemories, RememberedChat, StoredMemory } from './ports/chat-memories.ts';
import type { ConversationStore } from './ports/conversation-store.ts';
import type { Job } from './ports/jobs.ts';
import type { TenantDirectory } from './ports/tenant-directory.ts';
import { DONE, type JobOutcome, type JobWork } from './run-job.ts';

export interface RememberChatDeps extends LearnDeps {
  readonly memories: ChatMemories;
  readonly store: Pick<ConversationStore, 'readRecent'>;
  readonly tenants: TenantDirectory;
}

type MemoryJob = Extract<Job, { readonly kind: 'memory' }>;

/** More than a prompt holds; enough, unless jobs were late. */
const READ_MESSAGES = 60;
/** Of a chat in which much was said since: what lies further back is not remembered. */
const MOST_READ = 250;
/** So much is not put off, whatever comes after it. */
const MOST_PUT_OFF = 16;
/** Then the next turn's job does it. */
const MOST_TRIES = 5;

/**
 * Brings a chat's memory up to date after a turn. Done twice, or too late, it finds nothing to do.
 * 1. Reads the head with the memory. What an erasure or another tenant has overtaken is deleted.
 * 2. Where a newer turn is there, whose own job comes, this one leaves it to that, unless much waits.
 * 3. Looks through new turns for facts, and folds what has left the prompt into the summary.
 * 4. Writes it in the place of what was read, and looks whether the chat was erased meanwhile: then it
 *    deletes what it wrote.
 */
export async function rememberChat(
  job: MemoryJob,
  work: JobWork,
  deps: RememberChatDeps,
): Promise<JobOutcome> {
  const { chat } = job;
  const [read, tenant] = await Promise.all([
    deps.memories.readWithHead(chat),
    deps.tenants.findByPhoneNumber(chat.phoneNumberId),
  ]);
  if (!tenant || tenant === 'misconfigured' || tenant.status === 'suspended') return DONE;
  const { head } = read;
  const known = { ...work, log: work.log.with({ tenantId: tenant.id }) };
  const stored = await dropOvertaken(chat, read, tenant, known, deps);
  if (head.movedTo || head.tenantId !== tenant.id) return DONE;
  const before = currentMemory(stored.memory, head, tenant.id, deps.clock.now());
  const { turns, messages } = await readTurns(chat, head, coveredOf(before, tenant), deps);
  // Where so much was said since that they do not reach back to what it answers, no turn is under way either.
  const settled = withoutEndedTurn(head, { messages });
  const plan = planMemory(job, tenant, { head: settled, before }, turns);
  if (!plan) {
    known.log.debug('memory_skipped', { cause: 'nothing-to-do' });
    return DONE;
  }
  const updated = await update({ chat, tenant, ...known }, head, before, plan, deps);
  if (updated.kind === 'failed') return afterFailure(updated.failure, known, deps);
  if (updated.kind === 'no-money') return DONE;
  return keep(chat, stored, updated.memory, tenant, known, deps);
}

interface Plan {
  /** Not looked through for facts yet. */
  readonly unlearned: readonly PlacedMessage[];
  readonly fold: Fold | undefined;
}

function planMemory(
  { headVersion }: MemoryJob,
  { memory: settings }: Tenant,
  { head, before }: { readonly head: ChatHead; readonly before: ChatMemory },
  turns: readonly PlacedMessage[],
): Plan | undefined {
  const after = (version: number) => turns.filter(({ turn }) => versionOfTurn(turn) > version);
  const learnsFrom = Math.max(before.extractedUpTo, before.forgottenUpTo);
  const unlearned = settings.facts || settings.profile ? after(learnsFrom) : [];
  const fold = settings.summary
    ? planFold(after(before.summarisedUpTo), head.tokenRatio ?? 1)
    : undefined;
  const { openTurn } = head;
  const isUnderWay = openTurn !== undefined && openTurn.kind !== 'repeat';
  const hasNewer = isUnderWay || after(headVersion - 1).length > 0;
  const isUrgent = unlearned.length >= MOST_PUT_OFF || fold?.isUrgent === true;
  if (hasNewer && !isUrgent) return undefined;
  const hasOff = before.items.some((item) => !isShown(item, settings));
  return unlearned.length > 0 || fold || hasOff ? { unlearned, fold } : undefined;
}

/** Of a memory that counts no more nothing stays; the next write makes a new one. */
async function dropOvertaken(
  chat: Chat,
  { head, stored }: RememberedChat,
  tenant: Tenant,
  { log }: Pick<JobWork, 'log'>,
  { memories, clock }: RememberChatDeps,
): Promise<StoredMemory> {
  if (stored.memory.revision === '') return stored;
  const { tenantId } = currentMemory(stored.memory, head, tenant.id, clock.now());
  if (tenantId !== undefined) return stored;
  await memories.drop(chat, stored);
  log.info('memory_dropped');
  return { memory: NO_MEMORY, strays: [] };
}

/** Up to which turn there is nothing left to do. */
function coveredOf(
  { extractedUpTo, summarisedUpTo, forgottenUpTo }: ChatMemory,
  { memory: { summary } }: Tenant,
): number {
  const learned = Math.max(extractedUpTo, forgottenUpTo);
  return summary ? Math.min(learned, summarisedUpTo) : learned;
}

async function readTurns(
  chat: Chat,
  head: ChatHead,
  covered: number,
  { store }: Pick<RememberChatDeps, 'store'>,
  limit = READ_MESSAGES,
): Promise<{
  readonly turns: readonly PlacedMessage[];
  /** Those that were read for them. */
  readonly messages: readonly StoredMessage[];
}> {
  const { messages } = await store.readRecent(chat, { limit, keys: [] });
  const own = messages.filter(({ key }) => !isErased(key, head.erasure));
  const shown = own.filter((stored) => isOwn(head, stored)).map((stored) => shielded(stored));
  const turns = placeHistory(shown).map((placed) => ({ ...placed, prompt: framed(placed.prompt) }));
  const isAll = messages.length < limit || limit >= MOST_READ;
  const reachesBack = turns.some(({ turn }) => versionOfTurn(turn) <= covered);
  return isAll || reachesBack
    ? { turns, messages }
    : readTurns(chat, head, covered, { store }, MOST_READ);
}

async function update(
  asker: Parameters<typeof learnFrom>[0],
  head: ChatHead,
  before: ChatMemory,
  { unlearned, fold }: Plan,
  deps: RememberChatDeps,
): Promise<Updated> {
  const { tenant } = asker;
  const start: ChatMemory = {
    ...before,
    tenantId: tenant.id,
    beganAtMs: before.revision === '' || !before.tenantId ? deps.clock.now() : before.beganAtMs,
    headVersion: head.version,
    items: before.items.filter((item) => isShown(item, tenant.memory)),
  };
  const learned = await learnFrom(asker, start, unlearned, deps);
  if (learned.kind !== 'memory' || !fold) return learned;
  const folded = await summariseFold(asker, learned.memory, fold, deps);
  // What was learned is paid for, whatever became of the summary: the next job makes up for that.
  return folded.kind === 'memory' ? folded : learned;
}

function afterFailure(
  failure: Extract<Updated, { readonly kind: 'failed' }>['failure'],
  { attempt, log }: JobWork,
  { random, metrics }: RememberChatDeps,
): JobOutcome {
  metrics.count('MemoryFailures');
  log.warn('memory_skipped', { class: failure.class, code: failure.code, attempt });
  if (failure.class !== 'retry' || attempt >= MOST_TRIES) return DONE;
  const delayMs = backoffMs(attempt + 2, random.next(), failure.retryAfterMs);
  return { kind: 'later', delayMs, cause: failure.code };
}

async function keep(
  chat: Chat,
  stored: StoredMemory,
  memory: ChatMemory,
  tenant: Tenant,
  work: JobWork,
  deps: RememberChatDeps,
): Promise<JobOutcome> {
  const { memories, ids, metrics } = deps;
  const written = await memories.keep(chat, stored, { ...memory, revision: ids.next() });
  if (written === 'stale') {
    if (work.attempt >= MOST_TRIES) return DONE;
    return { kind: 'later', delayMs: 5_000, cause: 'memory-stale' };
  }
  metrics.count('MemoryItemsKept', memory.items.length);
  work.log.info('memory_kept', { items: memory.items.length });
  await dropOvertaken(chat, await memories.readWithHead(chat), tenant, work, deps);
  return DONE;
}
