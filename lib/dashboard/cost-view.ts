import { type IMetric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { inDollars, type Panel, type View, viewPeriod } from './panel.ts';
import type { StationFunctions } from './station-functions.ts';

/** What AWS bills by, of all functions, queues, tables and APIs. */
export interface PriceDrivers {
  readonly apiRequests: readonly IMetric[];
  readonly invocations: readonly IMetric[];
  readonly gigabyteSeconds: readonly IMetric[];
  readonly queueRequests: readonly IMetric[];
  readonly tableUnits: readonly IMetric[];
  readonly loggedBytes: readonly IMetric[];
}

/** What it costs: the peers in dollars by the price lists of this release, AWS by what it bills. */
export function costView(functions: StationFunctions, drivers: PriceDrivers): View {
  return {
    title: 'Cost',
    remark:
      'Dollars by the price lists of this release; the invoices say what is owed. Of AWS: what it bills by. Memory is also among the model’s.',
    panels: [
      dollars(functions),
      tokens(functions),
      { title: 'Requests of the APIs', unit: 'requests', left: drivers.apiRequests },
      { title: 'Invocations', unit: 'invocations', left: drivers.invocations },
      { title: 'Gigabyte-seconds', unit: 'GB-s', left: drivers.gigabyteSeconds },
      { title: 'Messages of the queues', unit: 'messages', left: drivers.queueRequests },
      { title: 'Request units of the tables', unit: 'units', left: drivers.tableUnits },
      { title: 'Log bytes', unit: 'bytes', left: drivers.loggedBytes },
    ],
  };
}

const summed = { period: viewPeriod, statistic: Stats.SUM };

function dollars({ processor, jobs, events }: StationFunctions): Panel {
  const answers = processor.metric('ModelCost', summed);
  const memory = jobs.metric('ModelCost', summed);
  const voice = processor.metric('TranscriptionCost', summed);
  const meta = events.metric('MetaCost', summed);
  return {
    title: 'Dollars an hour',
    unit: 'dollars',
    left: [
      inDollars('model', { answers, memory }),
      inDollars('of it memory', { memory }),
      inDollars('transcription', { voice }),
      inDollars('Meta', { meta }),
      inDollars('together', { answers, memory, voice, meta }),
    ],
  };
}

function tokens({ processor, jobs }: StationFunctions): Panel {
  const of = (owner: StationFunctions['processor'] | StationFunctions['jobs'], who: string) =>
    [
      ['ModelInputTokens', 'in'],
      ['ModelCachedInputTokens', 'of it cached'],
      ['ModelOutputTokens', 'out'],
    ].map(([name = '', what]) => owner.metric(name, { ...summed, label: `${who} ${what}` }));
  return {
    title: 'Tokens',
    unit: 'tokens',
    left: of(processor, 'answers'),
    right: of(jobs, 'memory'),
  };
}
