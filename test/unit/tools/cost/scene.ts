import type { Deployed } from '../../../../tools/cost/deployed.ts';
import { type FunctionUse, type Measured, NO_USE } from '../../../../tools/cost/measured.ts';
import { type Traffic, USUAL_TRAFFIC } from '../../../../tools/cost/traffic.ts';
import type { Scene } from '../../../../tools/cost/usage.ts';

/** One conversation of one turn, of which every function did the same: easily added up. */
export function aScene(
  over: {
    readonly traffic?: Partial<Traffic>;
    readonly deployed?: Partial<Deployed>;
    readonly measured?: Partial<Measured>;
  } = {},
): Scene {
  return {
    traffic: { ...USUAL_TRAFFIC, turns: 1, graphSeconds: 0, ...over.traffic },
    deployed: { ...DEPLOYED, ...over.deployed },
    measured: { ...MEASURED, ...over.measured },
  };
}

export function aUse(over: Partial<FunctionUse> = {}): FunctionUse {
  return { ...NO_USE, calls: {}, invocations: 1, ...over };
}

/** Half a gigabyte; at 1,769 MB the share of a processor would be whole. */
const lambda = (reservedConcurrency?: number) => ({
  memoryMb: 512,
  timeoutSeconds: 60,
  reservedConcurrency,
});

const DEPLOYED: Deployed = {
  functions: new Map([
    ['ingest', lambda()],
    ['processor', lambda(100)],
    ['events', lambda()],
    ['jobs', lambda()],
    ['sweeper', lambda()],
    ['canary', lambda()],
  ]),
  alarmMetrics: 0,
  fastAlarmMetrics: 0,
  compositeAlarms: 0,
  dashboards: 0,
  keys: 0,
  secrets: 0,
  schedules: [],
  polled: [],
  logDays: 30,
  accessLogBytes: 0,
  requestsPerSecond: 2_000,
  requestsAtOnce: 3_000,
  replicas: 1,
  pointInTimeRecovery: false,
  backups: { copies: 0, restores: 0 },
};

const MEASURED: Measured = {
  measuredOn: '2026-11-26',
  command: 'npm run cost:measure',
  machine: 'a test',
  stage: 'prod',
  conversations: 1,
  turnsPerConversation: 1,
  functions: { ingest: aUse(), processor: aUse(), events: aUse(), jobs: aUse(), sweeper: aUse() },
  storedBytes: 0,
  pictures: { count: 1, functions: { ingest: aUse(), processor: aUse(), events: aUse() } },
  metrics: [],
};
