import type { Command } from 'commander';
import type { JsonObject } from '#domain/json.ts';

/** What may be said on the command line of what the assistant is for, and how it is asked. */
export interface MannersOptions {
  readonly purpose?: string;
  readonly greeting?: string;
  readonly moderation?: string;
  readonly effort?: string;
  readonly maxOutputTokens?: string;
}

/** What a setting is said to be where it goes back to its default. */
const NONE = 'none';

export function withMannersFields(command: Command): Command {
  return command
    .option('--purpose <text>', 'what the assistant is for; it declines everything else')
    .option('--greeting <text>', 'said before the first answer that a contact gets; or none')
    .option('--moderation <mode>', 'off, score or block')
    .option('--effort <effort>', 'how long the model thinks, such as low; default: low')
    .option('--max-output-tokens <count>', 'of one answer, thinking included; none: the usual');
}

/** As a file says it; what was not said is left out. */
export function readMannersFields(options: MannersOptions): JsonObject {
  const { purpose, greeting, moderation, effort, maxOutputTokens: tokens } = options;
  const said = {
    purpose,
    greeting: greeting === NONE ? null : greeting,
    moderation,
    // `none` is an effort of its own.
    effort: effort === 'default' ? null : effort,
    maxOutputTokens: tokens === NONE ? null : asNumber(tokens),
  };
  const given = Object.entries(said).filter(([, value]) => value !== undefined);
  return given.length > 0 ? { manners: Object.fromEntries(given) } : {};
}

/** What is no number is told so by the schema. */
function asNumber(text: string | undefined): number | string | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : text;
}
