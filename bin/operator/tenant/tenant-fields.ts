import type { Command } from 'commander';
import type { JsonObject } from '#domain/json.ts';
import { UsageError } from '#operator/operator-error.ts';
import { nameOf, readSource } from '#operator/read-input.ts';
import type { Terminal } from '#operator/terminal.ts';
import { type LimitOptions, readLimitFields, withLimitFields } from './limit-fields.ts';
import { type MannersOptions, readMannersFields, withMannersFields } from './manners-fields.ts';
import { parseTenantText } from './tenant-file.ts';
import { readMemoryOptions } from './tenant-memory-file.ts';
import { overlaid } from './tenant-terms-file.ts';

/** What may be said of a business on the command line, or in a file. */
export interface FieldOptions extends LimitOptions, MannersOptions {
  readonly file?: string;
  readonly name?: string;
  readonly number?: readonly string[];
  readonly instructionsFile?: string;
  readonly fallbackText?: string;
  readonly model?: string;
  readonly burstWait?: string;
  readonly app?: string;
  readonly retentionDays?: string;
  readonly memory?: readonly string[];
  readonly optOutWord?: readonly string[];
  readonly optInWord?: readonly string[];
  readonly optOutText?: string;
  readonly optInText?: string;
}

export function withFields(command: Command): Command {
  const named = command
    .option('--file <file>', 'what the business is, in YAML or JSON; - for standard input')
    .option('--name <name>', 'what the business is called')
    .option(
      '--number <id[:account]>',
      'a phone number id, and the WhatsApp Business Account that it is of; may be repeated',
      oneMore,
    )
    .option('--instructions-file <file>', 'a text: what the business is, how to answer')
    .option('--fallback-text <text>', 'sent when no answer can be had in time')
    .option('--model <model>', "another model than the stage's")
    .option('--burst-wait <wait>', 'adaptive, none, or seconds to wait whether more comes')
    .option('--app <app>', 'the Meta app that the business brought, as its secret is called here')
    .option('--retention-days <days>', 'for how long what is said is kept')
    .option(
      '--memory <part=on|off>',
      'what is remembered: summary, profile, facts, health, permanent; may be repeated',
      oneMore,
    )
    .option('--opt-out-word <word>', 'who sends it gets no answers; may be repeated', oneMore)
    .option('--opt-in-word <word>', 'who sends it gets answers again; may be repeated', oneMore)
    .option('--opt-out-text <text>', 'said to who opts out')
    .option('--opt-in-text <text>', 'said to who is back');
  return withMannersFields(withLimitFields(named));
}

/** Of an option that may be repeated. */
function oneMore(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** What was said, not yet checked: what is on the command line goes over what the file has. */
export async function readFields(options: FieldOptions, terminal: Terminal): Promise<JsonObject> {
  const { file, name, number, instructionsFile, fallbackText, model } = options;
  const { burstWait, app, retentionDays, memory, optOutWord, optInWord, optOutText, optInText } =
    options;
  const inFile =
    file === undefined ? {} : parseTenantText(await readSource(file, terminal), nameOf(file));
  const instructions =
    instructionsFile === undefined ? undefined : await readSource(instructionsFile, terminal);
  const said = {
    name,
    numbers: number?.map(readNumber),
    instructions,
    fallbackText,
    model,
    burstWait: asNumber(burstWait),
    app,
    retentionDays: asNumber(retentionDays),
    memory: memory && readMemoryOptions(memory),
    optOutWords: optOutWord,
    optInWords: optInWord,
    optOutText,
    optInText,
  };
  return overlaid(inFile, {
    ...withoutUndefined(said),
    ...readLimitFields(options),
    ...readMannersFields(options),
  });
}

/** As `readFields`, with the id from the command line. @throws UsageError where the two differ */
export async function readFieldsOf(
  id: string | undefined,
  options: FieldOptions,
  terminal: Terminal,
): Promise<JsonObject> {
  const fields = await readFields(options, terminal);
  const inFile = fields['id'];
  if (id !== undefined && inFile !== undefined && inFile !== id) {
    throw new UsageError(`The command says ${id}, the file says ${inFile}: which tenant is meant?`);
  }
  return { ...fields, ...(id !== undefined && { id }) };
}

/** Where it was said, for messages. */
export function sourceOf({ file }: FieldOptions): string {
  return file === undefined ? 'The command' : nameOf(file);
}

interface InputOptions extends FieldOptions {
  readonly pinFile?: string;
  readonly '--token-file'?: string;
  readonly '--code-file'?: string;
}

/** Standard input can be read once. @throws UsageError */
export function checkInputs({ file, instructionsFile, pinFile, ...values }: InputOptions): void {
  const readers = Object.entries({
    '--file': file,
    '--instructions-file': instructionsFile,
    '--pin-file': pinFile,
    '--token-file': values['--token-file'],
    '--code-file': values['--code-file'],
  }).filter(([, each]) => each === '-');
  if (readers.length < 2) return;
  const names = readers.map(([name]) => name).join(' and ');
  throw new UsageError(`Standard input can be read once, but ${names} all want it: use a file.`);
}

function readNumber(text: string): JsonObject {
  const [phoneNumberId, accountId] = text.split(':');
  return withoutUndefined({ phoneNumberId, accountId });
}

/** As a file has it; what is no number is left for the schema to refuse. */
function asNumber(text: string | undefined): number | string | undefined {
  return text !== undefined && /^\d{1,4}(?:\.\d{1,3})?$/.test(text) ? Number(text) : text;
}

function withoutUndefined(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
