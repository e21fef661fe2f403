import type { MessageKey } from '#domain/conversation/message.ts';
import type { MemorySettings } from '#domain/tenant/memory-settings.ts';
import { plainWords } from '#domain/tenant/opt-out.ts';
import { isForbidden } from './forbidden.ts';
import {
  expiresAtMs,
  type FactCategory,
  type MemoryId,
  type MemoryItem,
  PROFILE_FIELDS,
  type ProfileField,
  RETENTION_LEVELS,
  type RetentionLevel,
} from './memory.ts';

/** What a model read out of new messages. */
export interface Extraction {
  /** Only what the messages tell. */
  readonly profile: { readonly [Field in ProfileField]?: string | undefined };
  readonly facts: readonly ExtractedFact[];
}

export interface ExtractedFact {
  readonly text: string;
  readonly category: FactCategory;
  readonly confidence: number;
  readonly level: RetentionLevel;
  /** Which of the messages told it; the first is 0. */
  readonly source: number | undefined;
  /** What is known already and was said again. */
  readonly repeats: MemoryId | undefined;
  /** What is known and no longer true. */
  readonly replaces: readonly MemoryId[];
}

export interface Learning {
  readonly settings: MemorySettings;
  /** As the tenant says; undefined = as long as each level. */
  readonly keptDays: number | undefined;
  readonly nowMs: number;
  /** Of the messages that the extraction is from. */
  readonly keys: readonly MessageKey[];
  readonly newId: () => MemoryId;
}

/** All of them fit a prompt: docs/adr/021. */
export const MOST_ITEMS = 40;
const LONGEST_TEXT = 240;
const LEAST_CONFIDENCE = 0.5;

/**
 * What is known, with what was learned: what was said again counts for more, what is contradicted is
 * replaced, and of more than fit the least valuable go. Other kinds than profile and facts stay.
 */
export function learn(
  known: readonly MemoryItem[],
  { profile, facts }: Extraction,
  learning: Learning,
): readonly MemoryItem[] {
  const { settings } = learning;
  let items = known;
  for (const field of settings.profile ? PROFILE_FIELDS : []) {
    const text = cleaned(profile[field]);
    if (isKeepable(text, settings)) items = withProfile(items, field, text, learning);
  }
  for (const fact of settings.facts ? facts : []) items = withFact(items, fact, learning);
  return leaveOutLeast(items);
}

function cleaned(text: string | undefined): string {
  return (text ?? '').replace(/\s+/g, ' ').trim().slice(0, LONGEST_TEXT).toWellFormed();
}

function isKeepable(text: string, settings: MemorySettings): boolean {
  return text !== '' && !isForbidden(text, settings);
}

function withProfile(
  items: readonly MemoryItem[],
  kind: ProfileField,
  text: string,
  learning: Learning,
): readonly MemoryItem[] {
  const before = items.find((item) => item.kind === kind);
  const times = before?.text === text ? before.times + 1 : 1;
  const item = itemOf(
    {
      kind,
      text,
      formerIds: formerIdsOf(before ? [before] : []),
      category: undefined,
      confidence: 1,
      times,
      level: 'long',
      source: undefined,
    },
    learning,
  );
  return [...items.filter((each) => each.kind !== kind), item];
}

function withFact(
  items: readonly MemoryItem[],
  fact: ExtractedFact,
  learning: Learning,
): readonly MemoryItem[] {
  const { settings, keys } = learning;
  const text = cleaned(fact.text);
  const isHealth = fact.category === 'health' && !settings.health;
  if (isHealth || !isKeepable(text, settings)) return items;
  const words = wordsOf(text);
  const same = items.find(
    (item) => item.kind === 'fact' && (item.id === fact.repeats || wordsOf(item.text) === words),
  );
  const gone = new Set([...fact.replaces, same?.id]);
  const confidence = same ? surer(same.confidence, fact.confidence) : fact.confidence;
  if (confidence < LEAST_CONFIDENCE) return items;
  const level = longer(allowed(fact.level, settings), same?.level);
  const source = fact.source === undefined ? undefined : keys[fact.source];
  const [leaving, staying] = [true, false].map((leaves) =>
    items.filter(({ kind, id }) => (kind === 'fact' && gone.has(id)) === leaves),
  );
  const formerIds = formerIdsOf(leaving ?? []);
  const said = { kind: 'fact' as const, text, category: fact.category, confidence, level, source };
  const item = itemOf({ ...said, formerIds, times: (same?.times ?? 0) + 1 }, learning);
  return [...(staying ?? []), item];
}

/** A turn that is under way now may have been shown one of them. */
function formerIdsOf(items: readonly MemoryItem[]): readonly MemoryId[] {
  const older = items.flatMap(({ formerIds }) => formerIds).slice(0, MOST_OLDER_IDS);
  return [...items.map(({ id }) => id), ...older];
}

const MOST_OLDER_IDS = 8;

/** Two texts that differ in nothing but case, accents and marks are the same. */
function wordsOf(text: string): string {
  return plainWords(text);
}

/** Half of the doubt is gone each time. */
function surer(before: number, now: number): number {
  const surest = Math.max(before, now);
  return Math.round((surest + (1 - surest) / 2) * 1_000) / 1_000;
}

function allowed(level: RetentionLevel, { permanent }: MemorySettings): RetentionLevel {
  return level === 'permanent' && !permanent ? 'long' : level;
}

function longer(one: RetentionLevel, other: RetentionLevel = one): RetentionLevel {
  return rank(one) >= rank(other) ? one : other;
}

function rank(level: RetentionLevel): number {
  return RETENTION_LEVELS.indexOf(level);
}

export function itemOf(
  said: Omit<MemoryItem, 'id' | 'seenAtMs' | 'expiresAtMs'>,
  { newId, keptDays, nowMs }: Pick<Learning, 'newId' | 'keptDays' | 'nowMs'>,
): MemoryItem {
  return {
    ...said,
    id: newId(),
    seenAtMs: nowMs,
    expiresAtMs: expiresAtMs(said.level, keptDays, nowMs),
  };
}

/** Of one contact under two ids: of the profile and the summary there is one each, and `own` goes first. */
export function mergeItems(
  own: readonly MemoryItem[],
  former: readonly MemoryItem[],
): readonly MemoryItem[] {
  const known = new Set<string>(own.map(({ kind }) => kind));
  const added = former.filter(({ kind }) => kind === 'fact' || !known.has(kind));
  return leaveOutLeast([...own, ...added]);
}

/** Of facts that are too many, those go that are worth least: kept briefly, doubtful, said once, long ago. */
function leaveOutLeast(items: readonly MemoryItem[]): readonly MemoryItem[] {
  const others = items.filter(({ kind }) => kind !== 'fact');
  const facts = items.filter(({ kind }) => kind === 'fact');
  const room = Math.max(0, MOST_ITEMS - others.length);
  const kept = new Set(facts.toSorted(byWorth).slice(0, room));
  return [...others, ...facts.filter((fact) => kept.has(fact))];
}

function byWorth(one: MemoryItem, other: MemoryItem): number {
  return (
    rank(other.level) - rank(one.level) ||
    other.confidence * other.times - one.confidence * one.times ||
    other.seenAtMs - one.seenAtMs ||
    (one.id < other.id ? -1 : 1)
  );
}
