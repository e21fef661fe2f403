import type { RegisteredTenant } from '#app/ports/tenant-register.ts';
import type { CommandDeps, Finish } from './command-line.ts';
import type { Application } from './connect.ts';
import { findTenant, readable, readTenantId } from './find-tenant.ts';
import { ageInWords } from './parked-view.ts';
import { readTarget, type TargetOptions } from './target.ts';
import { asYaml, tenantDocument } from './tenant-file.ts';
import { withoutControls } from './terminal.ts';

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
    terminal.out(
      options.json
        ? `${JSON.stringify({ tenant: document, ...state })}\n`
        : `${withoutControls(asYaml(document))}\n${inWords(state)}`,
    );
    if (state.problems.length > 0) finish(1);
    for (const problem of state.problems) terminal.err(`concierge: ${problem}\n`);
  } finally {
    application.close();
  }
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
