import { parseArgs } from 'node:util';
import { TENANT_VAULTS, type TenantVault } from '#domain/secret/tenant-vault.ts';

export interface StartOptions {
  /** 0 = any free port. */
  readonly port: number;
  /** Where state is kept between runs; undefined = memory. */
  readonly dataDirectory: string | undefined;
  /** Another DynamoDB endpoint in place of the embedded engine. */
  readonly dynamodbEndpoint: string | undefined;
  /** Processes at most for a function without reserved concurrency; undefined = twice the cores. */
  readonly environments: number | undefined;
  /** Which vault keeps the tenants' secrets; undefined = as the stage is configured. */
  readonly tenantVault: TenantVault | undefined;
}

/** Raised for a command line that cannot be taken; its message is meant for the person who typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const USAGE = `Usage: npm start -- [options]

  --port N          port to listen on; default $PORT, else 3000; 0 = any free port
  --data DIR        keep tables, queues, secrets and keys in DIR, in files of their owner's only;
                    default: in memory. What the simulated WhatsApp, which starts anew, has to agree
                    with is put again: the app's id and secret, the demo businesses' tokens
  --dynamodb URL    use this DynamoDB endpoint (for example Amazon's DynamoDB Local)
  --environments N  processes at most for each function without reserved concurrency, for which
                    requests wait; default: twice the cores
  --vault VAULT     keep tenants' secrets in secrets-manager or tenants-table; default: as stage dev
  --help            this text

Environment: PORT; OPENAI_API_KEY (answers by the real OpenAI instead of the scripted model),
OPENAI_BASE_URL (another endpoint that speaks the Responses API);
CONCIERGE_LOG=1 (the functions' logs on standard error).`;

/**
 * @returns 'help' when that is what was asked for
 * @throws UsageError
 */
export function readOptions(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): StartOptions | 'help' {
  const { values } = parse(argv);
  if (values.help) return 'help';
  return {
    port: readPort(values.port ?? (env['PORT'] || '3000')),
    dataDirectory: values.data,
    dynamodbEndpoint: readUrl(values.dynamodb),
    environments: readEnvironments(values.environments),
    tenantVault: readVault(values.vault),
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        port: { type: 'string' },
        data: { type: 'string' },
        dynamodb: { type: 'string' },
        environments: { type: 'string' },
        vault: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) {
    throw new UsageError('The port must be a number from 0 to 65535');
  }
  return port;
}

function readUrl(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (!URL.canParse(text) || !/^https?:/.test(text)) {
    throw new UsageError('--dynamodb takes a URL such as http://127.0.0.1:8000');
  }
  return text;
}

/** A process takes some 60 MB. */
const MOST_ENVIRONMENTS = 100;

function readEnvironments(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (/^\d{1,3}$/.test(text) && number >= 1 && number <= MOST_ENVIRONMENTS) return number;
  throw new UsageError(`--environments takes a number from 1 to ${MOST_ENVIRONMENTS}`);
}

function readVault(text: string | undefined): StartOptions['tenantVault'] {
  const vault = TENANT_VAULTS.find((name) => name === text);
  if (text === undefined || vault !== undefined) return vault;
  throw new UsageError(`--vault takes ${TENANT_VAULTS.join(' or ')}`);
}
