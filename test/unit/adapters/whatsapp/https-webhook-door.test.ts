import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates, TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type ClientCertificate, HttpsWebhookDoor } from '#adapters/whatsapp/https-webhook-door.ts';
import { isSignedBy } from '#adapters/whatsapp/webhook-signature.ts';
import { SecretUnavailableError } from '#app/ports/secret-source.ts';
import { json, reset, silence, startLoopbackPeer } from '#test/support/loopback-peer.ts';

let peer: Awaited<ReturnType<typeof startLoopbackPeer>>;
beforeAll(async () => {
  peer = await startLoopbackPeer();
});
afterAll(() => peer.close());

const BODY = '{"object":"whatsapp_business_account","text":"¿qué?"}';

function post(url = peer.url, timeoutMs = 5_000) {
  return new HttpsWebhookDoor({ url: `${url}/webhook` }).post(BODY, { appSecret: 's', timeoutMs });
}

test('posts the body with the signature that Meta would put', async () => {
  peer.answerWith(json(200, {}));
  expect(await post()).toEqual({ kind: 'answered', status: 200 });
  const [seen] = peer.requests;
  expect(seen).toMatchObject({ method: 'POST', path: '/webhook', body: JSON.parse(BODY) });
  const header = String(seen?.headers['x-hub-signature-256']);
  expect(isSignedBy(Buffer.from(BODY), header, ['s'])).toBe(true);
});

test.each([401, 403, 429, 500, 503])('tells a refusal: %i', async (status) => {
  peer.answerWith(json(status, {}));
  expect(await post()).toEqual({ kind: 'answered', status });
});

test('follows nobody elsewhere', async () => {
  peer.answerWith(json(302, {}, { location: `${peer.url}/elsewhere` }), json(200, {}));
  expect(await post()).toEqual({ kind: 'answered', status: 302 });
  expect(peer.requests).toHaveLength(1);
});

test('says why nobody answers', async () => {
  peer.answerWith(reset);
  expect(await post()).toEqual({ kind: 'unreachable', code: 'ECONNRESET' });
  peer.answerWith(silence);
  expect(await post(peer.url, 50)).toEqual({ kind: 'unreachable', code: 'timeout' });
  expect(await post('http://127.0.0.1:1')).toEqual({ kind: 'unreachable', code: 'ECONNREFUSED' });
});

describe('behind mutual TLS', () => {
  const cert = readFileSync('test/fixtures/tls/certificate.pem', 'utf8');
  const key = readFileSync('test/fixtures/tls/key.pem', 'utf8');
  const known = getCACertificates('default');
  let url: string;
  const server = createServer(
    { cert, key, ca: cert, requestCert: true, rejectUnauthorized: false },
    (request, response) => {
      const isKnown = request.socket instanceof TLSSocket && request.socket.authorized;
      response.writeHead(isKnown ? 200 : 403).end();
    },
  );

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `https://localhost:${(server.address() as AddressInfo).port}/webhook`;
  });
  afterEach(() => setDefaultCACertificates(known));
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  function knock(certificate?: () => Promise<ClientCertificate>) {
    const sent = { appSecret: 's', timeoutMs: 5_000 };
    return new HttpsWebhookDoor({ url, certificate }).post(BODY, sent);
  }

  test('shows the certificate where there is one', async () => {
    setDefaultCACertificates([cert]);
    expect(await knock(async () => ({ cert, key }))).toEqual({ kind: 'answered', status: 200 });
    expect(await knock()).toEqual({ kind: 'answered', status: 403 });
  });

  test('trusts no server whose certificate nobody vouches for', async () => {
    expect(await knock(async () => ({ cert, key }))).toEqual({
      kind: 'unreachable',
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
  });

  test('says that the certificate cannot be had', async () => {
    const lack = async () => {
      throw new SecretUnavailableError('none', { needs: 'operator' });
    };
    expect(await knock(lack)).toEqual({ kind: 'unreachable', code: 'SecretUnavailableError' });
  });
});
