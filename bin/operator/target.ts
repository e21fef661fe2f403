import { type Command, Option } from 'commander';
import { isStageName, type StageName, stageNames } from '#lib/config/stages.ts';
import { UsageError } from './operator-error.ts';

/** The running application that a command is about. */
export type Target =
  | { readonly kind: 'cloud'; readonly stage: StageName }
  | { readonly kind: 'local'; readonly url: string };

/** As commander reads them. */
export interface TargetOptions {
  readonly stage?: string;
  readonly local?: string;
  readonly json?: boolean;
}

const LOCAL_URL = 'http://127.0.0.1:3000';
/** A URL, or what was meant to be one. */
const ADDRESS = /^(?:[a-z]+:\/\/|[\w.-]+:\d)/i;

/** What every command has that talks to a running application. */
export function withTarget(command: Command): Command {
  return command
    .addOption(
      new Option('--stage <stage>', 'a deployed stage, with AWS credentials from the environment')
        .choices(stageNames)
        .conflicts('local'),
    )
    .addOption(
      new Option('--local [url]', 'the stack that npm start runs on this machine').preset(
        LOCAL_URL,
      ),
    )
    .option('--json', 'one JSON document on standard output');
}

/** @throws UsageError */
export function readTarget({ stage, local }: TargetOptions): Target {
  if (stage !== undefined && isStageName(stage)) return { kind: 'cloud', stage };
  if (local === undefined) {
    throw new UsageError(
      `Say which application is meant: --stage <${stageNames.join('|')}>, or --local for the one that npm start runs.`,
    );
  }
  if (!URL.canParse(local) || !/^https?:/.test(local)) {
    throw new UsageError(`--local takes an address such as ${LOCAL_URL}, not ${local}.`);
  }
  return { kind: 'local', url: local.replace(/\/+$/, '') };
}

/** How a target is named in a command line. */
export function inWords(target: Target): string {
  if (target.kind === 'cloud') return `--stage ${target.stage}`;
  return target.url === LOCAL_URL ? '--local' : `--local ${target.url}`;
}

/** The address after `--local` may be left out, also where the name of a message comes next. */
export function withLocalUrl(argv: readonly string[]): readonly string[] {
  return argv.map((word, index) => {
    const next = argv[index + 1];
    const isAlone = next === undefined || !ADDRESS.test(next);
    return word === '--local' && isAlone ? `--local=${LOCAL_URL}` : word;
  });
}
