import {
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { expect, it } from 'vitest';
import { CachedAppSecretSource } from '#adapters/secrets/cached-app-secret-source.ts';
import { SecretsManagerSecretReader } from '#adapters/secrets/secrets-manager-secret-reader.ts';
import { parseAppId } from '#domain/ids.ts';
import { present } from '#test/support/builders.ts';
import { ManualClock, RecordingLog } from '#test/support/recorders.ts';
import { stubClient } from '#test/support/stub-client.ts';

const [SHOP, OTHER] = [present(parseAppId('shop')), present(parseAppId('other'))];

function aVault() {
  const values = new Map([
    ['apps/shop', '{"appId":"6","appSecrets":["s1","s0"],"verifyTokens":["v1"]}'],
    ['apps/other', '{"appId":"7","appSecrets":["other"],"verifyTokens":["v2"]}'],
  ]);
  const stub = stubClient(({ input }) => {
    const text = values.get(input.SecretId);
    if (text === undefined) throw new ResourceNotFoundException({ message: '', $metadata: {} });
    return { SecretString: text };
  });
  const clock = new ManualClock();
  const source = new CachedAppSecretSource({
    reader: new SecretsManagerSecretReader({
      client: stub.as<SecretsManagerClient>(),
      platformSecretId: 'platform',
      appSecretPrefix: 'apps/',
    }),
    clock,
    log: new RecordingLog(),
  });
  return { values, source, clock, sent: stub.sent };
}

it('reads each app’s secrets under the prefix, once for minutes, and keeps apps apart', async () => {
  const { source, sent } = aVault();
  const shop = { appSecrets: ['s1', 's0'], verifyTokens: ['v1'] };
  expect(await Promise.all([source.app(SHOP), source.app(SHOP)])).toMatchObject([shop, shop]);
  expect(await source.app(OTHER)).toMatchObject({ appSecrets: ['other'], verifyTokens: ['v2'] });
  expect(sent).toHaveLength(2);
});

it('fetches a rotated secret at once, at most once per interval and app', async () => {
  const { source, values, clock, sent } = aVault();
  await source.app(SHOP);
  values.set('apps/shop', '{"appSecrets":["s2","s1"],"verifyTokens":["v1"]}');
  expect(await source.refreshApp(SHOP)).toBe(true);
  expect(await source.app(SHOP)).toMatchObject({ appSecrets: ['s2', 's1'] });
  for (const _ of [1, 2, 3]) expect(await source.refreshApp(SHOP)).toBe(false);
  expect(sent).toHaveLength(2);
  clock.advance(30_000);
  expect(await source.refreshApp(SHOP)).toBe(true);
});

it.each([
  ['no secret', undefined],
  ['no app secret', '{"appId":"6","verifyTokens":["very-secret"]}'],
  ['an empty app secret', '{"appSecrets":["very-secret",""],"verifyTokens":["v"]}'],
  ['no verify token', '{"appSecrets":["very-secret"],"verifyTokens":[]}'],
])(
  'calls for the operator where there is %s, without showing it, and not again at once',
  async (_, text) => {
    const { source, values, sent } = aVault();
    if (text === undefined) values.delete('apps/shop');
    else values.set('apps/shop', text);
    for (const _again of [1, 2]) {
      const error = await source.app(SHOP).catch((each: unknown) => each);
      expect(error).toMatchObject({ name: 'SecretUnavailableError', needs: 'operator' });
      expect(String(error)).toContain('apps/shop');
      expect(String(error)).not.toContain('very-secret');
    }
    expect(sent).toHaveLength(1);
  },
);
