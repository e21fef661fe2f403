import type { BillPart } from './bill.ts';
import { inDollars } from './dollars.ts';
import type { Report } from './report.ts';

/** The report as Markdown: docs/cost.md has it between its marks, and a terminal shows it as well. */
export function inWords(report: Report): string {
  return [
    headOf(report),
    `### A million messages\n\n${parts(report.perMillion.parts, 'AWS, a million messages', report.perMillion.dollars)}`,
    `Beside AWS: the model ${inDollars(report.perMillionByPeers.model)} (\`${report.model}\`), Meta ${inDollars(report.perMillionByPeers.meta)} (customers in ${report.traffic.country}). The goal of at most $45 in AWS counts neither what is kept, what is remembered nor what is sent out: of its parts this is ${inDollars(report.perMillionOfGoal)}. Where each message is a picture, AWS asks ${inDollars(report.pictures.aws)} more and the model ${inDollars(report.pictures.model)}.`,
    `### What a message uses\n\n${uses(report)}`,
    `### A month without a message\n\n${parts(report.standing.parts, `stage ${report.stage}`, report.standing.dollars)}`,
    `### A month\n\n${months(report)}`,
    `### Tenants’ secrets\n\n${inDollars(report.vaults.managed)} a month for ${report.vaults.tenants.toLocaleString('en-US')} tenants in Secrets Manager, ${inDollars(report.vaults.sealed)} for any number of them in the tenants table.`,
    `From general knowledge and not looked up: ${report.unsurePrices.map((unit) => `\`${unit}\``).join(', ')}.`,
  ].join('\n\n');
}

/** What the README says of it. */
export function inOneSentence({ perMillion, perMillionByPeers, traffic }: Report): string {
  const waiting = perMillion.parts.find(({ part }) => part.startsWith('processor, waiting'));
  const [aws, waited, model, meta] = [
    perMillion.dollars,
    waiting?.dollars ?? 0,
    perMillionByPeers.model,
    perMillionByPeers.meta,
  ].map((each) => `$${Math.round(each).toLocaleString('en-US')}`);
  return `AWS asks about ${aws} for a million messages, ${waited} of it for the processor that waits for the model and WhatsApp; beside it, the model's tokens ${model}, Meta ${meta} (customers in ${traffic.country}).`;
}

function headOf({ stage, region, pricesAsOf, measuredOn, traffic }: Report): string {
  return `Stage ${stage}; list prices of ${region} as of ${pricesAsOf}, free tiers not counted; measured on ${measuredOn}. A conversation is ${traffic.turns} messages, each answered in one bubble with three statuses, and a pause after which it is remembered. A turn waits ${traffic.modelSeconds} s for the model and ${traffic.graphSeconds} s for WhatsApp, ${traffic.chatsPerBatch === 1 ? 'alone in its batch' : `${traffic.chatsPerBatch} chats to a batch`}; ${traffic.inputTokens.toLocaleString('en-US')} tokens in, ${traffic.cachedShare * 100} % of them cached, ${traffic.outputTokens} out; ${traffic.tenants} tenants; a month of 30 days.`;
}

function parts(all: readonly BillPart[], name: string, dollars: number): string {
  return table(
    ['part', 'dollars'],
    [
      ...all.map((each) => [each.part, inDollars(each.dollars)]),
      [`**${name}**`, `**${inDollars(dollars)}**`],
    ],
  );
}

function uses({ uses: all }: Report): string {
  return table(
    ['measured', 'invocations', 'CPU ms', 'write units', 'read units', 'SQS requests', 'log bytes'],
    all.map(({ folder, ...numbers }) => [
      folder,
      ...[
        numbers.invocations,
        numbers.cpuMs,
        numbers.writeUnits,
        numbers.readUnits,
        numbers.sqsRequests,
        numbers.logBytes,
      ].map((each) => each.toLocaleString('en-US', { maximumFractionDigits: each < 100 ? 2 : 0 })),
    ]),
  );
}

function months({ months: all }: Report): string {
  return table(
    [
      'conversations a day',
      'messages a month',
      'AWS a million',
      'AWS',
      'model',
      'Meta',
      'all',
      'processors at the peak',
    ],
    all.map((each) => [
      each.conversationsADay.toLocaleString('en-US'),
      each.messages.toLocaleString('en-US'),
      inDollars(each.awsPerMillion),
      inDollars(each.aws),
      inDollars(each.model),
      inDollars(each.meta),
      inDollars(each.total),
      each.processors.toLocaleString('en-US'),
    ]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, index) => (index === 0 ? '---' : '---:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
