import { expect, it } from 'vitest';
import { WhatsAppMediaSource } from '#adapters/whatsapp/whatsapp-media-source.ts';
import { SecretUnavailableError } from '#app/ports/secret-source.ts';
import { Callers } from '#local/callers.ts';
import { Faults } from '#local/faults.ts';
import { startPeerServer } from '#local/peer-server.ts';
import { GraphApi } from '#local/whatsapp/graph-api.ts';
import { aPng, sha256Of } from '#test/support/files.ts';
import { ScriptedSource } from '#test/support/media-peers.ts';
import { aWorld, BAKERY, CLINIC } from '#test/support/whatsapp-world.ts';
import { describeMediaSource, type SourceStage, wantedMedium } from './media-source-suite.ts';

const MINUTE_MS = 60_000;

async function startStage() {
  const { world, clock } = aWorld();
  const faults = new Faults();
  const graph = new GraphApi(world);
  const peer = await startPeerServer(graph, { faults, callers: new Callers(faults) });
  const tokens = ['bakery-token'];
  const source = new WhatsAppMediaSource({
    apiVersion: 'v26.0',
    baseUrl: peer.url,
    secrets: {
      tenant: async () => ({ accessToken: tokens[0] ?? '' }),
      refreshTenant: async () => tokens.length > 1 && tokens.shift() !== undefined,
    },
  });
  const sent = (bytes: Buffer, phoneNumberId = BAKERY.phoneNumberId) =>
    world.media.receive({ phoneNumberId, mimeType: 'image/png', bytes }).id;
  const close = async () => {
    world.close();
    await peer.close();
  };
  return { source, sent, close, faults, clock, tokens, graph };
}

describeMediaSource('WhatsApp', async (): Promise<SourceStage> => startStage());

describeMediaSource('scripted', async (): Promise<SourceStage> => {
  const source = new ScriptedSource();
  const sent = (bytes: Buffer) => {
    const id = `1${source.files.size}`;
    source.files.set(id, bytes);
    return id;
  };
  return { source, sent, close: async () => {} };
});

it.each(['base64', 'hex'] as const)('holds the bytes to a hash in %s', async (encoding) => {
  const { source, sent, close } = await startStage();
  const id = sent(aPng('one'));
  const sha256 = sha256Of(aPng('one'), encoding);
  expect(await source.fetch(wantedMedium(id, { sha256 }))).toMatchObject({ kind: 'fetched' });
  const other = sha256Of(aPng('two'), encoding);
  const damaged = { kind: 'damaged' };
  expect(await source.fetch(wantedMedium(id, { sha256: other }))).toEqual(damaged);
  await close();
});

it('asks for the address again where the first one has expired', async () => {
  const { source, sent, close, graph, clock } = await startStage();
  const id = sent(aPng('one'));
  const respond = graph.respond.bind(graph);
  let downloads = 0;
  graph.respond = async (request) => {
    if (request.path.startsWith('/whatsapp_business/')) downloads += 1;
    if (downloads === 1 && request.path.startsWith('/whatsapp_business/')) {
      clock.advanceBy(6 * MINUTE_MS);
    }
    return respond(request);
  };
  expect(await source.fetch(wantedMedium(id))).toMatchObject({ kind: 'fetched' });
  expect(downloads).toBe(2);
  await close();
});

it('gives up on an id that has expired, and on one of another number', async () => {
  const { source, sent, close, clock } = await startStage();
  const [id, foreign] = [sent(aPng('one')), sent(aPng('two'), CLINIC.phoneNumberId)];
  const gone = { kind: 'failed', failure: { class: 'give-up-here', code: 'graph:100' } };
  expect(await source.fetch(wantedMedium(foreign))).toMatchObject(gone);
  clock.advanceBy(7 * 24 * 60 * MINUTE_MS);
  expect(await source.fetch(wantedMedium(id))).toMatchObject(gone);
  await close();
});

it('takes a new token where the one it has is refused, and says what is needed where there is none', async () => {
  const { source, sent, close, tokens } = await startStage();
  const id = sent(aPng('one'));
  tokens.splice(0, 1, 'revoked', 'bakery-token');
  expect(await source.fetch(wantedMedium(id))).toMatchObject({ kind: 'fetched' });
  tokens.splice(0, 1, 'revoked');
  const failure = { class: 'fix-needed', code: 'graph:190', remedy: 'token' };
  expect(await source.fetch(wantedMedium(id))).toMatchObject({ kind: 'failed', failure });
  await close();
});

it.each([
  [{ kind: 'graph', code: 131_052 }, 'give-up-here'],
  [{ kind: 'graph', code: 4 }, 'retry'],
  [{ kind: 'graph', code: 131_000 }, 'retry'],
  [{ kind: 'status', status: 503 }, 'retry'],
] as const)('reads the answer %j as %s', async (fault, failureClass) => {
  const { source, sent, close, faults } = await startStage();
  const id = sent(aPng('one'));
  faults.arm('graph', fault, 5);
  expect(await source.fetch(wantedMedium(id))).toMatchObject({
    kind: 'failed',
    failure: { class: failureClass },
  });
  await close();
});

it('tries a broken connection once more', async () => {
  const { source, sent, close, faults } = await startStage();
  const id = sent(aPng('one'));
  faults.arm('graph', { kind: 'reset-after-effect' }, 1);
  expect(await source.fetch(wantedMedium(id))).toMatchObject({ kind: 'fetched' });
  await close();
});

it('ends within its time', async () => {
  const { source, sent, close, faults } = await startStage();
  faults.arm('graph', { kind: 'timeout' }, 2);
  const fetched = await source.fetch(wantedMedium(sent(aPng('one')), { timeoutMs: 50 }));
  expect(fetched).toMatchObject({ kind: 'failed', failure: { code: 'graph:media-timeout' } });
  await close();
});

it('waits for a secret that cannot be read now', async () => {
  const source = new WhatsAppMediaSource({
    apiVersion: 'v26.0',
    secrets: {
      tenant: async () => {
        throw new SecretUnavailableError('not now', { needs: 'time' });
      },
      refreshTenant: async () => false,
    },
  });
  const failure = { class: 'retry', code: 'graph:secret-needs-time' };
  expect(await source.fetch(wantedMedium('1'))).toEqual({ kind: 'failed', failure });
});
