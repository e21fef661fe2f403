import { type JsonObject, objectAt, textAt } from '#domain/json.ts';
import { textsAt } from './platform-secret.ts';

/** Of an app: what its webhooks are proven by. */
export type WebhookField = 'appSecrets' | 'verifyTokens';

/** Values of which a former one may stay in use for a while; the last is a tenant's. */
export type RotatedField = WebhookField | 'noticesSecrets';

/** Values of which there is one; the last is a tenant's. */
type SingleField = 'appId' | 'openAiApiKey' | 'accessToken';

export type SecretField = RotatedField | SingleField;

export function isRotated(field: SecretField): field is RotatedField {
  return field === 'appSecrets' || field === 'verifyTokens' || field === 'noticesSecrets';
}

/** The current value first, then a former one. */
export function valuesOf(fields: JsonObject, field: RotatedField): readonly string[] {
  return textsAt(fields, field);
}

/** A secret with this value as the only one. */
export function withValue(
  fields: JsonObject,
  field: SecretField,
  value: string,
  nowMs: number,
): JsonObject {
  const changed = { ...fields, [field]: isRotated(field) ? [value] : value };
  return withTimes(changed, field, { changedAtMs: nowMs, acceptedUntilMs: undefined });
}

export type Rotated =
  | { readonly kind: 'rotated'; readonly fields: JsonObject }
  /** There is nothing that could stay accepted. */
  | { readonly kind: 'no-value' }
  | { readonly kind: 'same-value' }
  /** An earlier rotation has not been finished. */
  | { readonly kind: 'unfinished' };

/** The value in front, and the former one behind it, accepted until the overlap is over. */
export function rotate(
  fields: JsonObject,
  field: RotatedField,
  value: string,
  { nowMs, overlapMs }: { readonly nowMs: number; readonly overlapMs: number },
): Rotated {
  const [current, former] = valuesOf(fields, field);
  if (current === undefined) return { kind: 'no-value' };
  if (current === value) return { kind: 'same-value' };
  if (former !== undefined) return { kind: 'unfinished' };
  const changed = { ...fields, [field]: [value, current] };
  const times = { changedAtMs: nowMs, acceptedUntilMs: nowMs + overlapMs };
  return { kind: 'rotated', fields: withTimes(changed, field, times) };
}

/** The values that count now: the current one, and former ones until their overlap is over. */
export function acceptedAt(
  nowMs: number,
  values: readonly string[],
  overlapEndsMs: number | undefined,
): readonly string[] {
  return overlapEndsMs !== undefined && overlapEndsMs <= nowMs ? values.slice(0, 1) : values;
}

export type Finished =
  | { readonly kind: 'finished'; readonly fields: JsonObject; readonly dropped: number }
  | { readonly kind: 'nothing-to-finish' }
  | { readonly kind: 'too-early'; readonly acceptedUntilMs: number };

/** Only the value in front is left lying there; not before the overlap is over, unless that is forced. */
export function finishRotation(
  fields: JsonObject,
  field: RotatedField,
  { nowMs, isForced }: { readonly nowMs: number; readonly isForced: boolean },
): Finished {
  const [current, ...former] = valuesOf(fields, field);
  if (current === undefined || former.length === 0) return { kind: 'nothing-to-finish' };
  const { changedAtMs, acceptedUntilMs = 0 } = timesOf(fields, field);
  if (acceptedUntilMs > nowMs && !isForced) return { kind: 'too-early', acceptedUntilMs };
  const changed = { ...fields, [field]: [current] };
  const times = { changedAtMs, acceptedUntilMs: undefined };
  return { kind: 'finished', fields: withTimes(changed, field, times), dropped: former.length };
}

export interface ValueTimes {
  /** Undefined where it was put by hand. */
  readonly changedAtMs: number | undefined;
  /** Until then the former value counts. */
  readonly acceptedUntilMs: number | undefined;
}

export function timesOf(fields: JsonObject, field: SecretField): ValueTimes {
  const times = objectAt(objectAt(fields, 'times') ?? {}, field) ?? {};
  return {
    changedAtMs: readTime(textAt(times, 'changedAt')),
    acceptedUntilMs: readTime(textAt(times, 'acceptedUntil')),
  };
}

function withTimes(
  fields: JsonObject,
  field: SecretField,
  { changedAtMs, acceptedUntilMs }: ValueTimes,
): JsonObject {
  const times = {
    ...(changedAtMs !== undefined && { changedAt: new Date(changedAtMs).toISOString() }),
    ...(acceptedUntilMs !== undefined && {
      acceptedUntil: new Date(acceptedUntilMs).toISOString(),
    }),
  };
  return { ...fields, times: { ...objectAt(fields, 'times'), [field]: times } };
}

function readTime(text: string | undefined): number | undefined {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}
