import { type MicroUsd, microUsd } from './micro-usd.ts';

/**
 * Dollars for a minute of sound. `gpt-transcribe`: OpenAI's page of the model, read in its copy of
 * 2026-11. The others by their tokens, as third parties give them for a minute (2026-04 to 2026-07); they
 * and `whisper-1` are switched off on 2027-02-26.
 */
export const TRANSCRIPTION_PRICES_AS_OF = '2026-11-26';

const DOLLARS_A_MINUTE: Readonly<Record<string, number>> = {
  'gpt-transcribe': 0.0045,
  'gpt-4o-transcribe': 0.006,
  'gpt-4o-mini-transcribe': 0.003,
  'whisper-1': 0.006,
};

/** What nobody knows the price of counts as the dearest that is known. */
const DEAREST = Math.max(...Object.values(DOLLARS_A_MINUTE));

/** A part of a second counts as a whole one. */
export function costOfTranscription(model: string, seconds: number): MicroUsd {
  const id = model.replace(/-\d{4}-\d{2}-\d{2}$/, '');
  const known = Object.hasOwn(DOLLARS_A_MINUTE, id) ? DOLLARS_A_MINUTE[id] : undefined;
  return microUsd((Math.ceil(seconds) * (known ?? DEAREST) * 1_000_000) / 60);
}
