import { createServer } from 'node:http';
import { listen, type RunningServer, readBody } from '#local/peer-server.ts';

const NAMESPACE = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';

/** As much of CloudFormation as tells the outputs of stacks whose names begin so. */
export async function startCloudFormation(
  prefix: string,
  outputs: Readonly<Record<string, string>>,
): Promise<RunningServer> {
  const server = createServer(async (request, response) => {
    const stack = new URLSearchParams((await readBody(request)).toString()).get('StackName') ?? '';
    response.setHeader('content-type', 'text/xml');
    if (stack.startsWith(prefix)) response.end(description(stack, outputs));
    else response.writeHead(400).end(refusal(stack));
  });
  return listen(server, 0);
}

function description(stack: string, outputs: Readonly<Record<string, string>>): string {
  const members = Object.entries(outputs).map(
    ([key, value]) =>
      `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  return `<DescribeStacksResponse xmlns="${NAMESPACE}"><DescribeStacksResult><Stacks><member><StackName>${stack}</StackName><CreationTime>2026-11-01T00:00:00Z</CreationTime><StackStatus>UPDATE_COMPLETE</StackStatus><Outputs>${members.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
}

function refusal(stack: string): string {
  return `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id ${stack} does not exist</Message></Error></ErrorResponse>`;
}
