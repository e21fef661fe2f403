import type { Receiver } from '../receiver.ts';

export function createReceiver(appSecret: string): Receiver;
