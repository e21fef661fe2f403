/**
 * When OpenAI switches which model off, by its page "Deprecations" and the field `shutdown_date` of its list
 * of models, as of this day. A model that is not here has no date yet: there are six months between the
 * notice and the end of one that is generally available.
 */
export const MODEL_SHUTDOWNS_AS_OF = '2026-11-23';

const BY_DAY: Readonly<Record<string, string>> = {
  '2025-10-27': 'text-moderation-latest text-moderation-stable text-moderation-007',
  '2026-07-23':
    'gpt-5-chat-latest gpt-5-codex gpt-5.1-chat-latest gpt-5.1-codex gpt-5.1-codex-max gpt-5.1-codex-mini gpt-5.2-codex computer-use-preview o3-deep-research o4-mini-deep-research gpt-4o-audio-preview gpt-4o-mini-audio-preview gpt-4o-search-preview gpt-4o-mini-search-preview',
  '2026-08-10': 'gpt-5.2-chat-latest gpt-5.3-chat-latest',
  '2026-10-23':
    'gpt-3.5-turbo gpt-3.5-turbo-0125 gpt-4 gpt-4-0613 gpt-4-1106-preview gpt-4-turbo gpt-4o-2024-05-13 gpt-4.1-nano o1 o1-pro o3-mini o4-mini gpt-image-1',
  '2026-12-01': 'gpt-image-1-mini gpt-image-1.5 chatgpt-image-latest',
  '2026-12-11': 'gpt-5 gpt-5-mini gpt-5-nano gpt-5-pro o3 o3-pro',
  '2027-01-06': 'tts-1 tts-1-hd gpt-4o-mini-tts',
  '2027-01-14': 'gpt-4o gpt-4o-mini gpt-4.1 gpt-4.1-mini',
  '2027-01-20': 'gpt-realtime gpt-realtime-mini gpt-4o-realtime-preview gpt-audio gpt-audio-mini',
  '2027-02-26': 'whisper-1 gpt-4o-transcribe gpt-4o-mini-transcribe gpt-4o-transcribe-diarize',
  '2027-04-01': 'gpt-5.1 gpt-5.3-codex gpt-5.4-nano',
};

const DAYS = new Map(
  Object.entries(BY_DAY).flatMap(([day, models]) =>
    models.split(' ').map((model) => [model, day] as const),
  ),
);

const DAY_MS = 86_400_000;

/** How a model ends. */
export interface Shutdown {
  /** UTC, such as `2027-01-14`. */
  readonly day: string;
  /** Negative once it is over. */
  readonly daysLeft: number;
}

/**
 * A model by its id, or by a dated one such as `gpt-4o-2024-11-20`.
 * @returns undefined where no end is known
 */
export function shutdownOf(model: string, nowMs: number): Shutdown | undefined {
  const day = DAYS.get(model) ?? DAYS.get(model.replace(/-\d{4}-\d{2}-\d{2}$/, ''));
  if (day === undefined) return undefined;
  return { day, daysLeft: Math.floor((Date.parse(day) - nowMs) / DAY_MS) };
}

/** An end is told of so long before: time to try another model and to deploy it. */
const WARN_DAYS_BEFORE_SHUTDOWN = 90;

/** A sentence for whoever configured it; undefined where there is nothing to say yet. */
export function shutdownInWords(model: string, nowMs: number): string | undefined {
  const shutdown = shutdownOf(model, nowMs);
  if (!shutdown || shutdown.daysLeft > WARN_DAYS_BEFORE_SHUTDOWN) return undefined;
  const { day, daysLeft } = shutdown;
  return daysLeft < 0
    ? `OpenAI has switched model ${model} off on ${day}`
    : `OpenAI switches model ${model} off on ${day}, in ${daysLeft} days`;
}
