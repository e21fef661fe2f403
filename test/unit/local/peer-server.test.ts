import { createServer, get } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { Callers } from '#local/callers.ts';
import { Faults } from '#local/faults.ts';
import { createPage } from '#local/page/page-files.ts';
import { listen, type PeerResponse, startPeerServer } from '#local/peer-server.ts';

async function answerOf(answer: PeerResponse, method = 'GET'): Promise<Response> {
  const faults = new Faults();
  const peer = await startPeerServer(
    { peerOf: () => 'graph', respond: async () => answer, refuse: () => answer },
    { faults, callers: new Callers(faults) },
  );
  onTestFinished(() => peer.close());
  return fetch(peer.url, { method });
}

test('tells the length of what it answers, so that nothing travels in chunks', async () => {
  const response = await answerOf({ status: 200, body: '¡hola!' });
  expect(response.headers.get('content-length')).toBe('7');
  expect(response.headers.has('transfer-encoding')).toBe(false);
  expect(await response.text()).toBe('¡hola!');
});

test('leaves the length of what is only asked about, and of nothing, as they are', async () => {
  const head = { status: 200, headers: { 'content-length': '9' }, body: '' };
  expect((await answerOf(head, 'HEAD')).headers.get('content-length')).toBe('9');
  expect((await answerOf({ status: 204, body: '' })).headers.has('content-length')).toBe(false);
});

test.each([
  ['/', true],
  ['/?number=1', true],
  ['//', false],
  ['/page/../options.ts', false],
])('the page is asked for %s', async (path, isPage) => {
  const page = createPage();
  const server = await listen(
    createServer((request, response) => {
      if (!page(request, response)) response.writeHead(404).end();
    }),
    0,
  );
  onTestFinished(() => server.close());
  const status = await new Promise((resolve, reject) => {
    get({ port: server.port, path }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });
  expect(status).toBe(isPage ? 200 : 404);
});
