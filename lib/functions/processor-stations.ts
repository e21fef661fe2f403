import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { percentiles, type Station, stationPeriod } from '../dashboard/station.ts';
import type { ProcessorFunction } from './processor-function.ts';

/** The processor, and the two peers that customers wait for while it works. */
export function processorStations(processor: ProcessorFunction): readonly Station[] {
  return [working(processor), model(processor), whatsApp(processor)];
}

function working(processor: ProcessorFunction): Station {
  const { latency = [], failures } = processor.station;
  return {
    title: 'processor',
    rate: [
      counted(processor, 'TurnsAnswered', 'answered'),
      counted(processor, 'TurnsApologised', 'fallback'),
      counted(processor, 'TurnsDeferred', 'deferred'),
      counted(processor, 'MessagesHandedOver', 'for a person'),
    ],
    latency,
    waiting: {
      time: percentiles(({ label, ...how }) =>
        processor.metric('AnswerTime', { ...how, label: `customer waits, ms ${label}` }),
      ),
    },
    failures: [
      ...failures,
      counted(processor, 'MessagesParked', 'parked'),
      counted(processor, 'TurnsFenced', 'fenced'),
    ],
  };
}

function model(processor: ProcessorFunction): Station {
  return {
    title: 'model',
    rate: [
      counted(processor, 'ModelCalls', 'calls'),
      counted(processor, 'FallbackModelCalls', 'of a cheaper model'),
      counted(processor, 'Transcriptions', 'voice notes'),
    ],
    latency: percentiles((how) => processor.metric('ModelTime', how)),
    waiting: { time: [circuit(processor, 'ModelCircuit')] },
    failures: [
      counted(processor, 'ModelFailures', 'failed'),
      counted(processor, 'ModelUnusable', 'unusable'),
      counted(processor, 'ModelQuotaExhausted', 'quota exhausted'),
      counted(processor, 'RepliesWithheld', 'withheld'),
      counted(processor, 'TranscriptionFailures', 'voice notes'),
    ],
  };
}

function whatsApp(processor: ProcessorFunction): Station {
  return {
    title: 'WhatsApp',
    rate: [
      counted(processor, 'BubblesSent', 'bubbles'),
      counted(processor, 'MediaKept', 'files fetched'),
    ],
    latency: percentiles((how) => processor.metric('SendTime', how)),
    waiting: { time: [circuit(processor, 'GraphCircuit')] },
    failures: [
      counted(processor, 'SendsToRetry', 'refused for now'),
      counted(processor, 'SendsGivenUp', 'refused for good'),
      counted(processor, 'SendsNeedingFix', 'need the operator'),
      counted(processor, 'SendsAmbiguous', 'ambiguous'),
      counted(processor, 'AmbiguousResends', 'sent again'),
      counted(processor, 'MediaFetchFailures', 'files'),
    ],
  };
}

/** While it is open nobody waits for the peer, and all wait for it to close. */
function circuit(processor: ProcessorFunction, name: string) {
  const label = 'circuit: 1 half open, 2 open';
  return processor.metric(name, { period: stationPeriod, statistic: Stats.MAXIMUM, label });
}

function counted(processor: ProcessorFunction, name: string, label: string) {
  return processor.metric(name, { period: stationPeriod, statistic: Stats.SUM, label });
}
