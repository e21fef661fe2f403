import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { CanaryFunction } from '../functions/canary-function.ts';
import type { StationFunctions } from './functions.ts';
import { type Panel, sumOf, type View, viewPeriod } from './panel.ts';

/** What the businesses have of it. Of one of them the saved queries tell. */
export function businessView(functions: StationFunctions, canary?: CanaryFunction): View {
  return {
    title: 'Business',
    remark:
      'All tenants together; one tenant’s day is a saved query of Logs Insights. Days are of UTC.',
    panels: [
      activeChats(functions, canary),
      answers(functions),
      handOvers(functions),
      costPerMessage(functions),
      cachedShare(functions),
      arrivals(functions),
      limits(functions),
      memory(functions),
    ],
  };
}

/** Each check of the canary is a chat of one message, and nobody's customer. */
function activeChats({ ingest, processor }: StationFunctions, canary?: CanaryFunction): Panel {
  const period = Duration.days(1);
  const daily = { period, statistic: Stats.SUM };
  const counted = {
    chats: processor.metric('ChatsActive', daily),
    messages: ingest.metric('MessagesAccepted', daily),
    ...(canary && { checks: canary.metric('CanaryRuns', daily) }),
  };
  const [chats, messages] = ['chats', 'messages'].map((id) =>
    canary ? `(${id}-FILL(checks,0))` : id,
  );
  const shown = (expression: string, label: string) =>
    new MathExpression({ expression, usingMetrics: counted, label, period });
  return {
    title: 'Chats a day',
    unit: 'chats',
    left: [shown(`${chats}`, 'chats active')],
    right: [shown(`${messages}/${chats}`, 'messages per chat')],
    start: '-P28D',
  };
}

function answers({ processor }: StationFunctions): Panel {
  return {
    title: 'Turns by outcome',
    unit: 'turns',
    left: [
      hourly(processor, 'TurnsAnswered', 'answered'),
      hourly(processor, 'TurnsApologised', 'fallback text'),
      hourly(processor, 'TurnsUndeliverable', 'undeliverable'),
      hourly(processor, 'PersonTurns', 'by a person'),
    ],
  };
}

function handOvers({ processor }: StationFunctions): Panel {
  return {
    title: 'Hand-overs',
    unit: 'chats',
    left: [
      hourly(processor, 'HandOversRequested', 'a person asked for'),
      hourly(processor, 'ChatsTaken', 'taken'),
      hourly(processor, 'ChatsReleased', 'given back'),
    ],
    right: [hourly(processor, 'MessagesHandedOver', 'messages kept for a person')],
  };
}

function costPerMessage({ processor, jobs, events }: StationFunctions): Panel {
  const micros = {
    model: hourly(processor, 'ModelCost'),
    memory: hourly(jobs, 'ModelCost'),
    voice: hourly(processor, 'TranscriptionCost'),
    meta: hourly(events, 'MetaCost'),
  };
  const perMessage = new MathExpression({
    expression: `(${sumOf(Object.keys(micros))})/1000000/answered`,
    usingMetrics: { ...micros, answered: hourly(processor, 'MessagesAnswered') },
    label: 'dollars',
    period: viewPeriod,
  });
  return { title: 'Cost per answered message', unit: 'dollars', left: [perMessage] };
}

function cachedShare({ processor, jobs }: StationFunctions): Panel {
  const share = (id: string, owner: StationFunctions['processor'] | StationFunctions['jobs']) =>
    new MathExpression({
      expression: `100*${id}Cached/${id}Input`,
      usingMetrics: {
        [`${id}Cached`]: owner.metric('ModelCachedInputTokens', summed),
        [`${id}Input`]: owner.metric('ModelInputTokens', summed),
      },
      label: id,
      period: viewPeriod,
    });
  return {
    title: 'Prompt tokens from the cache',
    unit: 'percent',
    left: [share('answers', processor), share('memory', jobs)],
  };
}

function arrivals({ processor, events }: StationFunctions): Panel {
  const rate = (id: string, part: IMetric, whole: IMetric, wholeId: string, label: string) =>
    new MathExpression({
      expression: `100*${id}/${wholeId}`,
      usingMetrics: { [id]: part, [wholeId]: whole },
      label,
      period: viewPeriod,
    });
  const sent = hourly(processor, 'BubblesSent');
  const delivered = hourly(events, 'BubblesDelivered');
  const read = hourly(events, 'BubblesRead');
  return {
    title: 'Bubbles that arrive and are read',
    unit: 'percent',
    left: [
      rate('delivered', delivered, sent, 'sent', 'delivered of sent'),
      rate('seen', read, delivered, 'delivered', 'read of delivered'),
    ],
    right: [hourly(events, 'DeliveriesFailed', 'failed')],
  };
}

function limits({ processor }: StationFunctions): Panel {
  return {
    title: 'Limits and budgets',
    unit: 'messages',
    left: [
      hourly(processor, 'MessagesLimited', 'beyond a limit'),
      hourly(processor, 'TurnsDelayedByTenantLimit', 'tenant waits'),
      hourly(processor, 'ContactBudgetStops', 'contact budget'),
      hourly(processor, 'TenantBudgetStops', 'tenant budget'),
      hourly(processor, 'PlatformBudgetStops', 'platform budget'),
    ],
  };
}

function memory({ jobs }: StationFunctions): Panel {
  return {
    title: 'Memory and notices',
    unit: 'count',
    left: [
      hourly(jobs, 'MemoryItemsKept', 'facts kept'),
      hourly(jobs, 'MemorySummaries', 'summaries'),
      hourly(jobs, 'NoticesDelivered', 'notices delivered'),
      hourly(jobs, 'NoticesRefused', 'notices refused'),
    ],
  };
}

const summed = { period: viewPeriod, statistic: Stats.SUM };

function hourly(owner: StationFunctions[keyof StationFunctions], name: string, label?: string) {
  return owner.metric(name, { ...summed, ...(label && { label }) });
}
