import { describe, expect, test } from 'vitest';
import type { ChatBell, RingBox } from '#app/ports/queues.ts';
import { instrument } from '#test/simulation/cloud/instrument.ts';
import {
  bellHabits,
  eventsQueueHabits,
  jobsQueueHabits,
  ringBoxHabits,
} from '#test/simulation/habits.ts';
import {
  SimulatedBell,
  SimulatedEventsQueue,
  SimulatedJobsQueue,
  SimulatedRingBox,
} from '#test/simulation/ports/simulated-queues.ts';
import { QUEUES } from '#test/simulation/settings.ts';
import { aChat, aParking } from '#test/support/builders.ts';
import {
  receiveRings,
  takeDeadLetters,
  takeEnvelopes,
  takeJobs,
} from '#test/support/queued-messages.ts';
import { startQueues } from '#test/support/refusing-sqs.ts';
import { LOSSES, SimulationStage } from '#test/support/simulation-stage.ts';
import { type ChatQueueStage, describeChatQueue, HOLD_MS } from './chat-queue-suite.ts';
import { describeEventsQueue, type EventsQueueStage } from './events-queue-suite.ts';
import { describeJobsQueue } from './jobs-queue-suite.ts';

function chatQueueOf(stage: SimulationStage): ChatQueueStage {
  const { clock, environment, calls } = stage;
  const sqs = startQueues(stage);
  const bell = new SimulatedBell(sqs);
  const box = new SimulatedRingBox(sqs);
  return {
    bell: stage.driven<ChatBell>(instrument(bell, 'bell', environment, calls, bellHabits(bell))),
    ringBox: stage.driven<RingBox>(
      instrument(box, 'rings', environment, calls, ringBoxHabits(box)),
    ),
    peer: {
      receive: async () => receiveRings(sqs, QUEUES.chats, HOLD_MS),
      takeDeadLetters: async () => takeDeadLetters(sqs, QUEUES.chatDeadLetters),
      refuse: (messageKey) => sqs.refuse(`"${messageKey}"`),
      loseNextAnswer: (when) => stage.loseNextAnswer(when),
      pass: (ms) => clock.advanceBy(ms),
    },
    close: async () => sqs.close(),
  };
}

function eventsQueueOf(stage: SimulationStage): EventsQueueStage {
  const { environment, calls } = stage;
  const sqs = startQueues(stage);
  const queue = new SimulatedEventsQueue(sqs);
  return {
    queue: stage.driven(
      instrument(queue, 'events-queue', environment, calls, eventsQueueHabits(queue)),
    ),
    peer: {
      takeReceived: async () => takeEnvelopes(sqs, QUEUES.events),
      refuse: (correlationId) => sqs.refuse(`"${correlationId}"`),
      loseNextAnswer: (when) => stage.loseNextAnswer(when),
    },
    close: async () => sqs.close(),
  };
}

describe.each(LOSSES)('simulated, connections that break with: %s', (loss) => {
  describeChatQueue('chat queue', async () => chatQueueOf(new SimulationStage(loss)));
  describeEventsQueue('events queue', async () => eventsQueueOf(new SimulationStage(loss)));
});

describeJobsQueue('jobs queue, simulated', async () => {
  const stage = new SimulationStage('error');
  const { clock, environment, calls } = stage;
  const sqs = startQueues(stage);
  const queue = new SimulatedJobsQueue(sqs);
  return {
    queue: stage.driven(instrument(queue, 'jobs', environment, calls, jobsQueueHabits)),
    takeReceived: async () => takeJobs(sqs, QUEUES.jobs),
    pass: (ms) => clock.advanceBy(ms),
    refuse: (correlationId) => sqs.refuse(`"${correlationId}"`),
    close: async () => sqs.close(),
  };
});

function someRings(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    chat: aChat(),
    messageKey: `1790400000000#wamid.HALF${index}`,
    number: 0,
    correlationId: 'request-1',
  }));
}

/** As the simulation's own faults have it: of what one call sends, the first half is taken. */
describe('half a success', () => {
  test('of the bell gives back the rings that were not taken', async () => {
    const stage = new SimulationStage('error');
    const { bell, peer } = chatQueueOf(stage);
    const rings = someRings(5);
    stage.faults.arm('partial');
    const notTaken = await bell.ring(rings);
    expect(notTaken.length).toBeGreaterThan(0);
    const taken = (await peer.receive()).map(({ ring }) => ring);
    expect(taken.length).toBeGreaterThan(0);
    expect([...taken, ...notTaken]).toEqual(rings);
  });

  test('of the dead-letter queue is none', async () => {
    const stage = new SimulationStage('error');
    const { ringBox, peer } = chatQueueOf(stage);
    const rings = someRings(5);
    stage.faults.arm('partial');
    await expect(ringBox.deadLetter(rings, aParking(), 'once')).rejects.toThrow();
    await ringBox.deadLetter(rings, aParking(), 'once');
    expect((await peer.takeDeadLetters()).map(({ ring }) => ring)).toEqual(rings);
  });

  test('of the events queue counts what was not taken', async () => {
    const stage = new SimulationStage('error');
    const { queue, peer } = eventsQueueOf(stage);
    const event = {
      kind: 'event',
      field: 'flows',
      accountId: '1',
      phoneNumberId: undefined,
    } as const;
    const rest = { payload: {}, receivedAtMs: 1, correlationId: 'request-1' };
    stage.faults.arm('partial');
    const notTaken = await queue.send(Array.from({ length: 5 }, () => ({ ...event, ...rest })));
    expect(await peer.takeReceived()).toHaveLength(5 - notTaken);
    expect(notTaken).toBeGreaterThan(0);
  });
});
