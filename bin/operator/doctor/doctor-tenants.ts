import type { Finding } from '#app/check-business.ts';
import type { AppCredentials } from '#app/ports/meta-accounts.ts';
import type { RegisteredTenant } from '#app/ports/tenant-register.ts';
import type { AppId } from '#domain/ids.ts';
import { textAt } from '#domain/json.ts';
import { checkWithMeta } from '#operator/check-with-meta.ts';
import { findTenant, readTenantId } from '#operator/find-tenant.ts';
import { appCredentials, readHeldApp } from '#operator/held-app.ts';
import { OperatorError } from '#operator/operator-error.ts';
import { inWords } from '#operator/target.ts';
import type { Patient } from './doctor.ts';
import { noticesFindings } from './doctor-notices.ts';
import { ownAppFindings } from './doctor-own-app.ts';

/** So many tenants are asked about side by side; Meta counts calls by app. */
const AT_ONCE = 5;

/** Of more tenants only what is not well is told. */
const MOST_TOLD_WHOLE = 20;

/** Of each tenant: its record, its numbers' routes, its secret, and what Meta says. */
export async function tenantFindings(patient: Patient): Promise<readonly Finding[]> {
  const { application, target, options } = patient;
  const tenants =
    options.tenant === undefined
      ? await application.register.list()
      : [await findTenant(readTenantId(options.tenant), application.register, target)];
  const app = options.check ? await readApp(undefined, patient) : undefined;
  const findings: Finding[] = [];
  if (tenants.length === 0) {
    findings.push({ verdict: 'warning', check: 'tenants', message: 'There is no tenant yet' });
  }
  const isUnused = tenants.length > 0 && tenants.every((each) => ownAppOf(each) !== undefined);
  if (app && 'verdict' in app && !isUnused) findings.push(app);
  for (let start = 0; start < tenants.length; start += AT_ONCE) {
    const some = tenants.slice(start, start + AT_ONCE);
    const found = await Promise.all(some.map((each) => findingsOf(each, app, patient)));
    findings.push(...found.flat());
  }
  return tenants.length > MOST_TOLD_WHOLE ? summaryOf(findings, tenants.length) : findings;
}

function summaryOf(findings: readonly Finding[], tenants: number): readonly Finding[] {
  const unwell = findings.filter(({ verdict }) => verdict !== 'ok');
  const message = `Looked at ${tenants} tenants; what is not well follows`;
  return [{ verdict: 'ok', check: 'tenants', message }, ...unwell];
}

type AppOrTrouble = AppCredentials | Finding;

async function readApp(
  own: AppId | undefined,
  { application, options }: Patient,
): Promise<AppOrTrouble> {
  try {
    const id = own === undefined ? options.appId : undefined;
    return appCredentials(await readHeldApp(own, application), id);
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return { verdict: 'warning', check: 'meta', message: error.message };
  }
}

function ownAppOf({ tenant }: RegisteredTenant): AppId | undefined {
  return tenant === 'misconfigured' ? undefined : tenant.app;
}

/** `shared` is undefined where Meta shall not be asked. */
async function findingsOf(
  entry: RegisteredTenant,
  shared: AppOrTrouble | undefined,
  patient: Patient,
): Promise<readonly Finding[]> {
  const token = await tokenIn(entry.id, patient.application);
  const ours = await localFindings(entry, token !== undefined, patient);
  const ofApp = await ownAppFindings(entry, patient);
  const notices = await noticesFindings(entry, patient);
  const own = ownAppOf(entry);
  const app = shared && own !== undefined ? await readApp(own, patient) : shared;
  const question = app && 'id' in app && token !== undefined ? { token, app } : undefined;
  const asked = question
    ? await checkWithMeta(
        { ...question, numbers: entry.numbers, cures: [], pin: '' },
        patient.application,
      )
    : undefined;
  const told = (asked?.findings ?? []).map((each) => withCommand(each, entry.id, patient));
  return [...ours, ...ofApp, ...notices, ...told].map((finding) => ({
    ...finding,
    message: `${entry.id}: ${finding.message}`,
  }));
}

/** How a tenant that is there is subscribed. */
function withCommand(finding: Finding, id: RegisteredTenant['id'], { target }: Patient): Finding {
  if (finding.check !== 'subscription' || finding.verdict === 'ok') return finding;
  const command = `npx concierge secret put access-token --tenant ${id} --subscribe ${inWords(target)}`;
  return { ...finding, advice: `put its token again, which subscribes it: ${command}` };
}

/** What lies with us. */
async function localFindings(
  { id, tenant, numbers }: RegisteredTenant,
  hasToken: boolean,
  { application, target }: Patient,
): Promise<readonly Finding[]> {
  if (tenant === 'misconfigured') {
    return [
      {
        verdict: 'failed',
        check: 'record',
        message: 'its record cannot be read',
        advice: `remove it and add it again: npx concierge tenant remove ${id} ${inWords(target)}`,
      },
    ];
  }
  const lost: string[] = [];
  for (const { phoneNumberId } of numbers) {
    if ((await application.register.ownerOf(phoneNumberId)) !== id) lost.push(phoneNumberId);
  }
  const repair = `npx concierge tenant set ${id} ${inWords(target)}`;
  if (lost.length > 0 || numbers.length === 0) {
    const which = lost.length > 0 ? `not routed to it: ${lost.join(' ')}` : 'it has no number';
    return [{ verdict: 'failed', check: 'route', message: which, advice: repair }];
  }
  if (!hasToken) {
    return [
      {
        verdict: 'failed',
        check: 'secret',
        message: 'its secret has no access token',
        advice: `npx concierge secret put access-token --tenant ${id} ${inWords(target)}`,
      },
    ];
  }
  return [
    tenant.status === 'active'
      ? { verdict: 'ok', check: 'record', message: 'record, routes and secret are there' }
      : {
          verdict: 'warning',
          check: 'record',
          message: 'it is suspended: its messages are parked',
          advice: `npx concierge tenant resume ${id} ${inWords(target)}`,
        },
  ];
}

async function tokenIn(
  id: RegisteredTenant['id'],
  { vault }: Patient['application'],
): Promise<string | undefined> {
  const stored = await vault.read({ kind: 'tenant', id });
  return stored === undefined || stored === 'unreadable'
    ? undefined
    : textAt(stored.fields, 'accessToken');
}
