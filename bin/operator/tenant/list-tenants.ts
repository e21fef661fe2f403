import type { RegisteredTenant } from '#app/ports/tenant-register.ts';
import type { CommandDeps, Finish } from '#operator/command-line.ts';
import { counted, tableOf } from '#operator/plain-text.ts';
import { readTarget, type TargetOptions } from '#operator/target.ts';
import { withoutControls } from '#operator/terminal.ts';

/** `concierge tenant list`. */
export async function listTenants(
  options: TargetOptions,
  { terminal, connect }: CommandDeps,
  finish: Finish,
): Promise<void> {
  const application = await connect(readTarget(options));
  try {
    const all = await application.register.list();
    const views = all.map(viewOf);
    terminal.out(options.json ? `${JSON.stringify({ tenants: views })}\n` : inWords(views));
    const unreadable = all.filter(({ tenant }) => tenant === 'misconfigured').length;
    if (unreadable === 0) return;
    const whose = unreadable === 1 ? 'Its messages are' : 'Their messages are';
    terminal.err(
      `concierge: ${counted(unreadable, 'record')} cannot be read. ${whose} parked until the tenant is removed and added again.\n`,
    );
    finish(1);
  } finally {
    application.close();
  }
}

function viewOf({ id, tenant, numbers }: RegisteredTenant) {
  const isReadable = tenant !== 'misconfigured';
  return {
    id,
    status: isReadable ? tenant.status : tenant,
    numbers: numbers.map(({ phoneNumberId }) => phoneNumberId),
    name: isReadable ? tenant.name : '',
  };
}

function inWords(views: readonly ReturnType<typeof viewOf>[]): string {
  if (views.length === 0) return 'There is no tenant yet: npx concierge tenant add --help\n';
  const rows = views.map(({ id, status, numbers, name }) => [
    id,
    status,
    numbers.join(' ') || '-',
    withoutControls(name),
  ]);
  return `${tableOf([['TENANT', 'STATUS', 'NUMBERS', 'NAME'], ...rows])}\n${counted(views.length, 'tenant')}.\n`;
}
