import { checkApp } from '#app/check-business.ts';
import type { JsonObject } from '#domain/json.ts';
import { readPlatformSecret } from '#domain/secret/platform-secret.ts';
import type { Application } from '#operator/connect.ts';
import { OperatorError } from '#operator/operator-error.ts';

/**
 * Before an app's id or secret is stored: Meta must take the two together. Where one of them is not
 * there yet nothing can be asked. @throws OperatorError
 */
export async function refuseStrangePair(
  fields: JsonObject,
  appId: string | undefined,
  { meta }: Application,
): Promise<void> {
  const held = readPlatformSecret(fields);
  const id = appId ?? held.appId;
  const [secret] = held.appSecrets;
  if (id === undefined || secret === undefined) return;
  const { verdict, message, advice } = await checkApp({ id, secret }, meta);
  if (verdict === 'ok') return;
  throw new OperatorError(
    `${message}: ${advice}. Nothing was stored. With --no-check Meta is not asked.`,
  );
}
