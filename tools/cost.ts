// `npm run cost`: what AWS asks for a million turns, and for tenants' secrets, from list prices and the
// sizes that lib/ deploys.

/** On-demand list prices of us-east-1 in USD, without free tier, as of November 2026. */
const PRICE = {
  httpApiRequest: 1.0 / 1e6,
  lambdaRequest: 0.2 / 1e6,
  lambdaGbSecondArm: 0.0000133334,
  dynamoWrite: 0.625 / 1e6,
  dynamoRead: 0.125 / 1e6,
  sqsFifoRequest: 0.5 / 1e6,
  sqsRequest: 0.4 / 1e6,
  logGb: 0.5,
  secretMonth: 0.4,
  secretRead: 0.05 / 10_000,
  keyMonth: 1,
  keyUse: 0.03 / 10_000,
};

/** One turn: a customer's message, one bubble, and the three statuses that Meta sends for it. */
const WEBHOOKS = 4;
const INGEST = { seconds: 0.03, gb: 0.5 };
const PROCESSOR = { gb: 0.5 };
const LOG_KB = 6;
/** A job after each turn; that of the last turn before a pause learns, the others see that it will. */
const MEMORY = { turnsBeforeAPause: 3, seconds: 3, secondsInVain: 0.02, gb: 0.25 };
/** Of a job that learns: two items and the book, one that goes; reservation and settlement. */
const MEMORY_WRITES = 6;

interface Line {
  readonly part: string;
  readonly dollars: number;
}

/**
 * Of one item of a kilobyte each: the message; reservation, draft, message, bubble, head and settlement of
 * the turn; three statuses and Meta's price. And what of it changes an index: the message in and out of
 * `unfinished`, the chat from one place in `byTenant` to the next.
 */
const WRITES = 1 + 6 + 3 + 1 + 2 + 2;

function linesFor(modelSeconds: number): readonly Line[] {
  const million = 1e6;
  return [
    { part: 'HTTP API, 4 requests', dollars: million * WEBHOOKS * PRICE.httpApiRequest },
    {
      part: 'ingest, 4 × 30 ms at 512 MB',
      dollars:
        million *
        WEBHOOKS *
        (PRICE.lambdaRequest + INGEST.seconds * INGEST.gb * PRICE.lambdaGbSecondArm),
    },
    {
      part: `processor, ${modelSeconds} s waiting at 512 MB, alone in its batch`,
      dollars:
        million * (PRICE.lambdaRequest + modelSeconds * PROCESSOR.gb * PRICE.lambdaGbSecondArm),
    },
    {
      part: `DynamoDB, ${WRITES} writes and 4 reads`,
      dollars: million * (WRITES * PRICE.dynamoWrite + 4 * PRICE.dynamoRead),
    },
    {
      part: 'SQS, a ring and three events',
      dollars: million * (3 * PRICE.sqsFifoRequest + 3 * PRICE.sqsRequest),
    },
    {
      part: `memory, a job a turn, one of ${MEMORY.turnsBeforeAPause} with ${MEMORY.seconds} s of model at 256 MB`,
      dollars: million * memoryDollars(),
    },
    { part: 'logs, 6 KB', dollars: LOG_KB * PRICE.logGb },
  ];
}

function memoryDollars(): number {
  const learns = 1 / MEMORY.turnsBeforeAPause;
  const seconds = learns * MEMORY.seconds + (1 - learns) * MEMORY.secondsInVain;
  const queue = 3 * PRICE.sqsRequest;
  const work = PRICE.lambdaRequest + seconds * MEMORY.gb * PRICE.lambdaGbSecondArm;
  return queue + work + learns * MEMORY_WRITES * PRICE.dynamoWrite + 2 * PRICE.dynamoRead;
}

const lines = linesFor(4);
const total = lines.reduce((sum, { dollars }) => sum + dollars, 0);
print([...lines, { part: 'AWS, a million turns', dollars: total }]);

/** Of either vault: a month of keeping, and a million reads, which is the most for a million turns. */
function secretLines(tenants: number): readonly Line[] {
  const million = 1e6;
  const named = `${tenants.toLocaleString('en')} tenants' secrets`;
  return [
    { part: `Secrets Manager, a month of ${named}`, dollars: tenants * PRICE.secretMonth },
    { part: 'a million reads of it', dollars: million * PRICE.secretRead },
    { part: `tenants table, a month of ${named}: one key`, dollars: PRICE.keyMonth },
    { part: 'a million reads of it', dollars: million * (PRICE.keyUse + PRICE.dynamoRead) },
  ];
}

console.log();
print(secretLines(10_000));

function print(some: readonly Line[]): void {
  for (const { part, dollars } of some) console.log(`${dollars.toFixed(2).padStart(8)}  ${part}`);
}
