import type { SecretOwner } from '#app/ports/secret-vault.ts';
import { finishRotation, rotate } from '#domain/secret/rotation.ts';
import type { AuditedApplication } from '#operator/audit-session.ts';
import type { CommandDeps } from '#operator/command-line.ts';
import { findTenant } from '#operator/find-tenant.ts';
import { nameWithOwner, readAppId, secretOwnerOf } from '#operator/held-app.ts';
import { OperatorError, UsageError } from '#operator/operator-error.ts';
import { inWords, readTarget, type TargetOptions } from '#operator/target.ts';
import { readOwner } from './put-options.ts';
import { readFields } from './put-secret.ts';
import {
  readSecretValue,
  type ShownValue,
  shownValue,
  type ValueOptions,
} from './read-secret-value.ts';
import { refuseStrangePair } from './refuse-strange-pair.ts';
import { isRotatedName, type ROTATED_NAMES, rotatedFieldOf } from './secret-names.ts';

interface RotateOptions extends TargetOptions, ValueOptions {
  readonly app?: string;
  readonly tenant?: string;
  readonly check: boolean;
  readonly appId?: string;
  /** Milliseconds. */
  readonly overlap: number;
  readonly finish?: boolean;
  readonly force?: boolean;
}

/** `concierge secret rotate`. */
export async function rotateSecret(
  name: string,
  options: RotateOptions,
  { terminal, connect }: CommandDeps,
): Promise<void> {
  const target = readTarget(options);
  if (!isRotatedName(name)) throw new UsageError(`There is no value ${name} to rotate.`);
  const owner = ownerOf(name, options);
  const value = options.finish ? undefined : await readSecretValue(name, options, terminal);
  const application = await connect(target, {
    tenant: owner.kind === 'tenant' ? owner.id : undefined,
    fields: [nameWithOwner(name, owner)],
  });
  try {
    if (owner.kind === 'tenant') await findTenant(owner.id, application.register, target);
    const whose =
      owner.kind === 'platform'
        ? inWords(target)
        : `--${owner.kind} ${owner.id} ${inWords(target)}`;
    const act = { name, owner, whose, application };
    const { report, words } =
      value === undefined
        ? await drop(act, options.force === true)
        : await add(act, value, options);
    terminal.out(options.json ? `${JSON.stringify({ what: name, ...report })}\n` : words);
  } finally {
    application.close();
  }
}

/** @throws UsageError */
function ownerOf(name: Act['name'], { app, tenant }: RotateOptions): SecretOwner {
  if (name === 'notices-secret' || tenant !== undefined) return readOwner(name, { app, tenant });
  return secretOwnerOf(app === undefined ? undefined : readAppId(app));
}

interface Act {
  readonly name: (typeof ROTATED_NAMES)[number];
  readonly owner: SecretOwner;
  /** How the secret's owner and the target are named in a command line. */
  readonly whose: string;
  readonly application: AuditedApplication;
}

interface Done {
  readonly report: object;
  readonly words: string;
}

async function add(
  { name, owner, whose, application }: Act,
  value: string,
  options: RotateOptions,
): Promise<Done> {
  const { overlap: overlapMs, check, appId } = options;
  const { vault, clock } = application;
  const times = { nowMs: clock.now(), overlapMs };
  const fields = await readFields(owner, application);
  const rotated = rotate(fields, rotatedFieldOf(name), value, times);
  switch (rotated.kind) {
    case 'rotated': {
      if (check && name === 'app-secret') {
        await refuseStrangePair(rotated.fields, appId, application);
      }
      await vault.write(owner, rotated.fields);
      application.note({ changed: [nameWithOwner(name, owner)] });
      const until = new Date(times.nowMs + overlapMs).toISOString();
      const finish = `npx concierge secret rotate ${name} --finish ${whose}`;
      const shown = shownValue(value, options);
      const next = nextInWords(name, shown);
      return {
        report: { rotated: true, accepted: 2, overlapUntil: until, ...shown },
        words: `Both the new and the former ${name} are accepted now.\n${next}After ${until} the former one is refused. Then have it forgotten:\n  ${finish}\n`,
      };
    }
    case 'no-value':
      throw new OperatorError(
        `There is no ${name} yet: put one with npx concierge secret put ${name} ${whose}`,
      );
    case 'same-value':
      throw new OperatorError(`This is the current ${name} already. Nothing was changed.`);
    case 'unfinished':
      throw new OperatorError(
        `Two of them are accepted already. Nothing was changed: finish that rotation first, with npx concierge secret rotate ${name} --finish ${whose}`,
      );
  }
}

function nextInWords(name: Act['name'], shown: ShownValue): string {
  switch (name) {
    case 'app-secret':
      return '';
    case 'verify-token':
      return saveInWords(shown.verifyToken);
    case 'notices-secret': {
      const where = shown.noticesSecret ?? 'the first of noticesSecrets (--show-notices-secret)';
      return `Notices are signed with both. Have the business's server know the new one: ${where}.\n`;
    }
  }
}

function saveInWords(shown: string | undefined): string {
  const where =
    shown === undefined
      ? 'it is the first of verifyTokens in the secret (--show-verify-token prints it)'
      : `it is ${shown}`;
  return `Save the new one in Meta's dashboard (WhatsApp, Configuration); ${where}.\n`;
}

async function drop({ name, owner, whose, application }: Act, isForced: boolean): Promise<Done> {
  const { vault, clock } = application;
  const fields = await readFields(owner, application);
  const times = { nowMs: clock.now(), isForced };
  const finished = finishRotation(fields, rotatedFieldOf(name), times);
  switch (finished.kind) {
    case 'finished':
      await vault.write(owner, finished.fields);
      application.note({ changed: [nameWithOwner(name, owner)] });
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
        `The overlap lasts until ${new Date(finished.acceptedUntilMs).toISOString()}. Nothing was changed: run the same then, or with --force now. See npx concierge secret show-age ${whose}`,
      );
  }
}
