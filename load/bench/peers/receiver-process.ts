import { join } from 'node:path';
import { askChild } from '../in-child.ts';
import type { Order, Report } from './measure-receiver.ts';

/** Runs a receiver in a fresh process. */
export function measured(order: Order): Promise<Report> {
  return askChild<Report>(join(import.meta.dirname, 'measure-receiver.ts'), order);
}
