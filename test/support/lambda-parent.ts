// A parent that dies on request: starts a function in a process and tells the process's id.
import { aLambda } from '#test/support/lambda-fixture.ts';

const { lambda } = aLambda('echo', { timeoutSeconds: 600 });
const outcome = await lambda.invoke('{}', 'direct');
if (outcome.kind === 'returned') console.log(JSON.parse(outcome.payload).pid);
void lambda.invoke(JSON.stringify({ do: process.argv[2] }), 'direct');
