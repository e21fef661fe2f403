import { parentPort, workerData } from 'node:worker_threads';
import { runShare, type Share } from './run-many.ts';

const share: Share = workerData;
parentPort?.postMessage(await runShare(share));
