// Loaded before a function whose memory is watched: writes down what it keeps after a collection, each time
// when whoever measures has asked it for its usage so often, which happens after every invocation.
const { appendFileSync } = require('node:fs');

const EVERY = 25;
let invocations = 0;

process.on('SIGUSR2', () => {
  invocations += 1;
  if (invocations % EVERY !== 0) return;
  global.gc();
  const { heapUsed, rss } = process.memoryUsage();
  const heap = { invocations, heapMb: heapUsed / 1024 ** 2, rssMb: rss / 1024 ** 2 };
  appendFileSync(process.env.HEAP_FILE, `${JSON.stringify(heap)}\n`);
});
