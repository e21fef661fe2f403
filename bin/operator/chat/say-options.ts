import type { Command } from '#domain/conversation/command.ts';
import { UsageError } from '#operator/operator-error.ts';
import { nameOf, readSource } from '#operator/read-input.ts';
import type { Terminal } from '#operator/terminal.ts';

type SaidContent = Extract<Command, { readonly kind: 'say' }>['content'];

/** As the business API takes them. */
const LONGEST_TEXT = 20_000;
const TEMPLATE = /^[a-z0-9_]{1,512}$/;
const LANGUAGE = /^[a-z]{2,3}(_[A-Za-z]{2,4})?$/;

export interface SayOptions {
  readonly textFile?: string;
  readonly template?: string;
  readonly language?: string;
  readonly parameter?: readonly string[];
}

/**
 * A template by its name, or words from a file or standard input: what is in an argument stays in the
 * shell's history and in npm's logs. @throws UsageError
 */
export async function readContent(options: SayOptions, terminal: Terminal): Promise<SaidContent> {
  const { textFile, template: name, language, parameter: parameters = [] } = options;
  if (name === undefined) {
    if (language !== undefined || parameters.length > 0) {
      throw new UsageError(
        '--language and --parameter are for a template: say which, by --template.',
      );
    }
    return readWords(textFile ?? '-', terminal);
  }
  if (textFile !== undefined) {
    throw new UsageError('A template has its own words: give --template or --text-file, not both.');
  }
  if (!TEMPLATE.test(name)) {
    throw new UsageError(
      '--template takes the name as Meta has it: lower case, digits, underscores.',
    );
  }
  if (language === undefined || !LANGUAGE.test(language)) {
    throw new UsageError('Say in which language: --language es, or pt_BR.');
  }
  return { kind: 'template', name, language, parameters };
}

async function readWords(file: string, terminal: Terminal): Promise<SaidContent> {
  const isTyped = file === '-' && terminal.hasPerson;
  const typed = isTyped ? await terminal.ask('What to say (then Enter): ') : undefined;
  const text = (typed ?? (await readSource(file, terminal))).trim();
  if (text === '')
    throw new UsageError(`${nameOf(file)} is empty: it must hold what is to be said.`);
  if (text.length > LONGEST_TEXT) {
    throw new UsageError(`${nameOf(file)} has more than ${LONGEST_TEXT} characters.`);
  }
  return { kind: 'text', text };
}
