import { finishRotation, rotate } from '#domain/secret/rotation.ts';
import type { CommandDeps } from './command-line.ts';
import type { Application } from './connect.ts';
import { OperatorError, UsageError } from './operator-error.ts';
import { readFields } from './put-secret.ts';
import { readSecretValue, type ValueOptions } from './read-secret-value.ts';
import { isRotatedName, type ROTATED_NAMES, rotatedFieldOf } from './secret-names.ts';
import { inWords, readTarget, type Target, type TargetOptions } from './target.ts';

interface RotateOptions extends TargetOptions, ValueOptions {
  /** Milliseconds. */
  readonly overlap: number;
  readonly finish?: boolean;
  readonly force?: boolean;
}

const PLATFORM = { kind: 'platform' } as const;

/** `concierge secret rotate`. */
export async function rotateSecret(
  name: string,
  options: RotateOptions,
  { terminal, connect }: CommandDeps,
): Promise<void> {
  const target = readTarget(options);
  if (!isRotatedName(name)) throw new UsageError(`There is no value ${name} to rotate.`);
  const value = options.finish ? undefined : await readSecretValue(name, options, terminal);
  const application = await connect(target, { fields: [name] });
  try {
    const act = { name, target, application };
    const { report, words } =
      value === undefined
        ? await drop(act, options.force === true)
        : await add(act, value, options.overlap);
    terminal.out(options.json ? `${JSON.stringify({ what: name, ...report })}\n` : words);
  } finally {
    application.close();
  }
}

interface Act {
  readonly name: (typeof ROTATED_NAMES)[number];
  readonly target: Target;
  readonly application: Application;
}

interface Done {
  readonly report: object;
  readonly words: string;
}

async function add(
  { name, target, application }: Act,
  value: string,
  overlapMs: number,
): Promise<Done> {
  const { vault, clock } = application;
  const times = { nowMs: clock.now(), overlapMs };
  const rotated = rotate(
    await readFields(PLATFORM, application),
    rotatedFieldOf(name),
    value,
    times,
  );
  switch (rotated.kind) {
    case 'rotated': {
      await vault.write(PLATFORM, rotated.fields);
      const until = new Date(times.nowMs + overlapMs).toISOString();
      const finish = `npx concierge secret rotate ${name} --finish ${inWords(target)}`;
      const next =
        name === 'verify-token'
          ? "Save the new one in Meta's dashboard (WhatsApp, Configuration); it is the first of verifyTokens in the secret.\n"
          : '';
      return {
        report: { rotated: true, accepted: 2, overlapUntil: until },
        words: `Both the new and the former ${name} are accepted now.\n${next}After ${until} have the former one refused:\n  ${finish}\n`,
      };
    }
    case 'no-value':
      throw new OperatorError(
        `There is no ${name} yet: put one with npx concierge secret put ${name} ${inWords(target)}`,
      );
    case 'same-value':
      throw new OperatorError(`This is the current ${name} already. Nothing was changed.`);
    case 'unfinished':
      throw new OperatorError(
        `Two of them are accepted already. Nothing was changed: finish that rotation first, with npx concierge secret rotate ${name} --finish ${inWords(target)}`,
      );
  }
}

async function drop({ name, target, application }: Act, isForced: boolean): Promise<Done> {
  const { vault, clock } = application;
  const fields = await readFields(PLATFORM, application);
  const times = { nowMs: clock.now(), isForced };
  const finished = finishRotation(fields, rotatedFieldOf(name), times);
  switch (finished.kind) {
    case 'finished':
      await vault.write(PLATFORM, finished.fields);
      return {
        report: { finished: true, accepted: 1, dropped: finished.dropped },
        words: `Only the current ${name} is accepted; functions forget the former one within five minutes.\n`,
      };
    case 'nothing-to-finish':
      return {
        report: { finished: true, accepted: 1, dropped: 0 },
        words: `There is nothing to finish: one ${name} is accepted.\n`,
      };
    case 'too-early':
      throw new OperatorError(
        `The overlap lasts until ${new Date(finished.acceptedUntilMs).toISOString()}. Nothing was changed: run the same then, or with --force now. See npx concierge secret show-age ${inWords(target)}`,
      );
  }
}
