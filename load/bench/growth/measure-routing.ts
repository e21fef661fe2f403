// Finds tenants by their numbers, in a process of its own with the processor's variables.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoTenantDirectory } from '../../../src/adapters/dynamodb/dynamo-tenant-directory.ts';
import { parsePhoneNumberId } from '../../../src/domain/ids.ts';
import { readEnv } from '../../../src/runtime/env.ts';
import { cpuPerCall } from '../cpu-per-call.ts';
import { isWhole, numberOfTenant } from '../stand-ins/tenants.ts';
import { median } from '../statistics.ts';

export interface RoutingQuestion {
  /** How many there are. */
  readonly tenants: number;
}

export interface RoutingCost {
  readonly cpuUs: number;
  readonly wallUs: number;
}

/** By then whatever was remembered is looked at anew. */
const LATER_MS = 3_600_000;
const WALLS = 200;

process.once('message', async ({ tenants }: RoutingQuestion) => {
  const { TENANTS_TABLE } = readEnv(['TENANTS_TABLE']);
  let nowMs = Date.now();
  const directory = new DynamoTenantDirectory({
    client: new DynamoDBClient(),
    tableName: TENANTS_TABLE,
    clock: { now: () => nowMs },
  });
  const find = async () => {
    nowMs += LATER_MS;
    const number = parsePhoneNumberId(numberOfTenant(anyOf(tenants)));
    const found = number && (await directory.findByPhoneNumber(number));
    if (typeof found !== 'object') throw new Error('A tenant that was added is not found');
  };
  const cpuUs = await cpuPerCall(find);
  const walls: number[] = [];
  for (let nth = 0; nth < WALLS; nth += 1) {
    const begunMs = performance.now();
    await find();
    walls.push((performance.now() - begunMs) * 1_000);
  }
  const cost: RoutingCost = { cpuUs, wallUs: median(walls) };
  process.send?.(cost, () => process.disconnect());
});

function anyOf(tenants: number): number {
  const any = Math.floor(Math.random() * tenants);
  return isWhole(any) ? any : any - (any % 100);
}
