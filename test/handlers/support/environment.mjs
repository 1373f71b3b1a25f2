// An execution environment: imports a function's bundle, handles the invocations that come on stdin (one JSON
// document a line: { id, input, sleepMs }), and writes one answer a line.
import { createInterface } from 'node:readline';

const { handler } = await import(process.argv[2]);
// What the handler logs goes to stderr, so that stdout holds answers only.
console.log = console.error;
const clock = Date.now;
let shift = 0;
Date.now = () => clock() + shift;
process.stdout.write('{"ready":true}\n');
for await (const line of createInterface({ input: process.stdin })) {
  const { id, input, sleepMs } = JSON.parse(line);
  // The environment lay idle so long.
  shift += sleepMs ?? 0;
  const answer = await handler(input, { awsRequestId: id }).then(
    (result) => ({ id, result }),
    (error) => ({ id, error: error.name, message: error.message }),
  );
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
