import type { RegisteredTenant } from '#app/ports/tenant-register.ts';
import type { JsonObject } from '#domain/json.ts';
import { builtInText } from '#domain/tenant/built-in-texts.ts';
import { DEFAULT_HAND_OVER } from '#domain/tenant/handover-settings.ts';
import { optInWords, optOutWords } from '#domain/tenant/opt-out.ts';
import { personWords } from '#domain/tenant/person-words.ts';
import { DEFAULT_RETENTION_DAYS } from '#domain/tenant/retention.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import type { CommandDeps, Finish } from '#operator/command-line.ts';
import type { Application } from '#operator/connect.ts';
import { findTenant, readable, readTenantId } from '#operator/find-tenant.ts';
import { ageInWords } from '#operator/plain-text.ts';
import { readTarget, type TargetOptions } from '#operator/target.ts';
import { withoutControls } from '#operator/terminal.ts';
import { asYaml, tenantDocument } from './tenant-file.ts';

interface ShowOptions extends TargetOptions {
  readonly yaml?: boolean;
}

/** `concierge tenant show`. */
export async function showTenant(
  name: string,
  options: ShowOptions,
  { terminal, connect }: CommandDeps,
  finish: Finish,
): Promise<void> {
  const target = readTarget(options);
  const id = readTenantId(name);
  const application = await connect(target);
  try {
    const found = await findTenant(id, application.register, target);
    const tenant = readable(found, target);
    const document = tenantDocument({ tenant, numbers: found.numbers });
    if (options.yaml) {
      terminal.out(asYaml(document));
      return;
    }
    const state = await stateOf(found, application);
    const defaults = defaultsOf(tenant);
    terminal.out(
      options.json
        ? `${JSON.stringify({ tenant: document, defaults, ...state })}\n`
        : `${withoutControls(asYaml(document))}\n${defaultsInWords(defaults)}${inWords(state)}`,
    );
    if (state.problems.length > 0) finish(1);
    for (const problem of state.problems) terminal.err(`concierge: ${problem}\n`);
  } finally {
    application.close();
  }
}

/** What holds where the tenant says nothing else. */
function defaultsOf({ retentionDays, optOut, handOver, hours }: Tenant): JsonObject {
  const all = {
    retentionDays: DEFAULT_RETENTION_DAYS,
    optOutWords: optOutWords({}),
    optInWords: optInWords({}),
    optOutText: builtInText('optOut', undefined),
    optInText: builtInText('optIn', undefined),
    personWords: personWords(DEFAULT_HAND_OVER),
    hours: 'always',
  };
  const { personWords: words } = handOver;
  const said: JsonObject = { retentionDays, ...optOut, personWords: words, hours };
  return Object.fromEntries(Object.entries(all).filter(([key]) => said[key] === undefined));
}

/** Long lists by their beginning; `--json` has them whole. */
function defaultsInWords(defaults: JsonObject): string {
  return Object.entries(defaults)
    .map(([key, value]) => {
      const words = Array.isArray(value)
        ? `${value.slice(0, 3).join(', ')} and ${value.length - 3} more`
        : String(value);
      return `# ${key} is the default: ${words}\n`;
    })
    .join('');
}

/** What lies beside the record and must be there too. */
async function stateOf({ id, numbers }: RegisteredTenant, { register, vault, clock }: Application) {
  const owner = { kind: 'tenant', id } as const;
  const secret = await vault.read(owner);
  const problems: string[] = [];
  if (secret === undefined) problems.push('It has no secret, so nothing can be sent.');
  if (secret === 'unreadable') problems.push('Its secret is no JSON object: put the token again.');
  for (const { phoneNumberId } of numbers) {
    const by = await register.ownerOf(phoneNumberId);
    if (by === id) continue;
    const whose = by === undefined ? 'not routed to it' : `routed to ${by}`;
    problems.push(
      `Number ${phoneNumberId} is ${whose}: npx concierge tenant set ${id} repairs it.`,
    );
  }
  const isReadable = secret !== undefined && secret !== 'unreadable';
  return {
    secret: vault.nameOf(owner),
    secretAgeSeconds: isReadable
      ? Math.round((clock.now() - secret.changedAtMs) / 1000)
      : undefined,
    problems,
  };
}

function inWords({ secret, secretAgeSeconds }: Awaited<ReturnType<typeof stateOf>>): string {
  const age = secretAgeSeconds === undefined ? 'no value' : ageInWords(secretAgeSeconds);
  return `# secret ${secret}: ${secretAgeSeconds === undefined ? age : `put ${age} ago`}\n`;
}
