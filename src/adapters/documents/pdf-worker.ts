import { parentPort, workerData } from 'node:worker_threads';
import { pdfText } from './pdf-text.ts';

// A thread of its own, so that what a document does to it ends with it (worker-document-reader.ts).
pdfText(workerData).then(
  (found) => parentPort?.postMessage(found),
  () => parentPort?.postMessage(undefined),
);
