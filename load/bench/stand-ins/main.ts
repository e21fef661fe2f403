import { startPeers } from './peers.ts';

/** A process of its own, so that what the stand-ins use is in nobody else's measurement. */
const closers: (() => unknown)[] = [];
const [, , assemblyDirectory = ''] = process.argv;
const { url } = await startPeers(assemblyDirectory, closers);
process.send?.({ url });
// Whoever started it is gone, or wants it to end.
process.once('disconnect', async () => {
  for (const close of closers.reverse()) await close();
});
