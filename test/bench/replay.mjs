// replay-dlq, the built program, against a bare server that speaks SQS and Lambda with a given round-trip time: what is
// measured is the replay, not a cloud. `node test/bench/replay.mjs` measures it alone.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const BINARY = fileURLToPath(new URL('../../bin/run.js', import.meta.url));
const ROUND_TRIP_MS = 100;
const CONCURRENCIES = [5, 10, 20, 40];
/** Deliveries of each place: long enough that beginning and end do not count. */
const ROUNDS = Number(process.env.CACHAO_BENCH_ROUNDS ?? 150);
const FEW = 100;
/** Enough for the garbage collector to have found its pace. */
const SOME = 2_000;
const MANY = Number(process.env.CACHAO_BENCH_MESSAGES ?? 100_000);
const SMALL_HEAP_MB = 40;
const SMALL_HEAP = `--max-old-space-size=${SMALL_HEAP_MB} --max-semi-space-size=1`;
const SOURCE = 'aws.partner/stripe.com/ed_test_61Bench';
const ACCOUNT = '123456789012';
const REGION = 'eu-west-1';

/** @returns {Promise<{what: string, measured: string, ratio: string, goal: string}[]>} rows of the table */
export async function measure() {
  const rows = [];
  for (const concurrency of CONCURRENCIES) {
    const { seconds, messages } = await replay(ROUNDS * concurrency, concurrency, ROUND_TRIP_MS);
    const possible = (messages / concurrency) * (ROUND_TRIP_MS / 1000);
    rows.push({
      what: `replay-dlq, ${ROUND_TRIP_MS} ms round trip, --concurrency ${concurrency}`,
      measured: `${Math.round(messages / seconds)} a second`,
      ratio: `${Math.round((possible / seconds) * 100)} % of concurrency ÷ round trip`,
      goal: '≥ 90 %',
    });
  }
  // Node takes memory that it has no need of, as long as there is some: a small heap shows what is needed.
  const fewIn = await replay(FEW, 20, 0, SMALL_HEAP);
  const manyIn = await replay(MANY, 20, 0, SMALL_HEAP);
  rows.push({
    what: `replay-dlq, memory for ${MANY} messages in a heap of ${SMALL_HEAP_MB} MB`,
    measured: `${manyIn.megabytes.toFixed(0)} MB`,
    ratio: `${(manyIn.megabytes / fewIn.megabytes).toFixed(2)} × that for ${FEW}`,
    goal: 'flat',
  });
  const few = await replay(FEW, 20, 0);
  const some = await replay(SOME, 20, 0);
  const many = await replay(MANY, 20, 0);
  rows.push({
    what: `replay-dlq, memory for ${MANY} messages`,
    measured: `${many.megabytes.toFixed(0)} MB`,
    ratio: `${(many.megabytes / few.megabytes).toFixed(2)} × that for ${FEW}, ${(many.megabytes / some.megabytes).toFixed(2)} × that for ${SOME}`,
    goal: '',
  });
  return rows;
}

async function replay(messages, concurrency, latency, nodeOptions = '') {
  const server = await serve(messages, latency);
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'cachao-bench-'));
  try {
    const child = spawn(
      process.execPath,
      [
        BINARY,
        'replay-dlq',
        '--yes',
        '--json',
        '--stage',
        'bench',
        '--region',
        REGION,
        '--concurrency',
        concurrency,
      ],
      {
        cwd: directory,
        env: { ...environment(directory, server.port), NODE_OPTIONS: nodeOptions },
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, residentOf(child.pid));
    }, 50);
    const stdout = await textOf(child.stdout);
    clearInterval(watch);
    const report = JSON.parse(stdout);
    if (report.replay?.counts.processed !== messages || server.left() !== 0)
      throw new Error(`not all of ${messages} were replayed: ${stdout.slice(0, 2000)}`);
    // To the last message: that the queue is empty takes a second more to know, however many there were.
    const last = lastFateIn(report.replay.journal);
    const seconds = (last - Date.parse(report.replay.startedAt)) / 1000;
    return { messages, seconds, megabytes: peak };
  } finally {
    server.close();
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

function environment(directory, port) {
  return {
    PATH: process.env.PATH,
    HOME: directory,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: 'AKIABENCH',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_EC2_METADATA_DISABLED: 'true',
    CACHAO_CURRENCY: 'eur',
  };
}

function lastFateIn(journal) {
  const lines = fs.readFileSync(journal, 'utf8').trim().split('\n');
  return Date.parse(JSON.parse(lines.findLast((line) => line.includes('"fate"'))).time);
}

/** Resident memory in MB; 0 where there is no /proc. */
function residentOf(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

async function textOf(stream) {
  let text = '';
  for await (const chunk of stream) text += chunk;
  return text;
}

/** A queue with so many of the stage's own events in it, and one that is empty. */
async function serve(messages, latency) {
  let next = 0;
  let left = messages;
  const answers = {
    ReceiveMessage({ QueueUrl, MaxNumberOfMessages }) {
      const count = QueueUrl.endsWith('delivery') ? Math.min(MaxNumberOfMessages, messages - next) : 0;
      return { Messages: Array.from({ length: count }, () => messageOf(next++)) };
    },
    DeleteMessageBatch({ Entries }) {
      left -= Entries.length;
      return { Successful: Entries.map(({ Id }) => ({ Id })), Failed: [] };
    },
    ChangeMessageVisibilityBatch: ({ Entries }) => ({
      Successful: Entries.map(({ Id }) => ({ Id })),
      Failed: [],
    }),
    GetQueueAttributes: ({ QueueUrl }) => ({ Attributes: attributesOf(QueueUrl, left) }),
  };
  const server = http.createServer(async (request, response) => {
    const body = await textOf(request);
    const operation = request.headers['x-amz-target']?.split('.')[1];
    const answer = operation
      ? JSON.stringify(answers[operation](JSON.parse(body)))
      : other(request.url, body);
    // A long poll that finds nothing waits.
    const wait = operation === 'ReceiveMessage' && answer === '{"Messages":[]}' ? 1000 : latency;
    setTimeout(() => response.end(answer), wait);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: server.address().port, left: () => left, close: () => server.close() };
}

function other(url, body) {
  if (url.endsWith('/invocations')) return '{"outcome":"paid"}';
  if (url.includes('/functions/'))
    return JSON.stringify({ Configuration: { FunctionName: 'handler', State: 'Active', Timeout: 30 } });
  if (body.includes('GetCallerIdentity'))
    return `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::${ACCOUNT}:user/bench</Arn><Account>${ACCOUNT}</Account><UserId>x</UserId></GetCallerIdentityResult></GetCallerIdentityResponse>`;
  const members = Object.entries(outputs())
    .map(
      ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
    )
    .join('');
  return `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>cachao-bench</StackName><StackId>x</StackId><CreationTime>2026-01-01T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus><Outputs>${members}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
}

function outputs() {
  const queue = (name) => `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;
  return {
    EventFunctionName: 'handler',
    EventFunctionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:handler`,
    OperationsFunctionName: 'operations',
    OperationsFunctionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:operations`,
    RuleName: 'rule',
    RuleArn: `arn:aws:events:${REGION}:${ACCOUNT}:rule/${SOURCE}/rule`,
    EventBusName: SOURCE,
    DeliveryFailuresQueueUrl: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/delivery`,
    DeliveryFailuresQueueArn: queue('delivery'),
    FunctionFailuresQueueUrl: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/function`,
    FunctionFailuresQueueArn: queue('function'),
    AlarmTopicArn: `arn:aws:sns:${REGION}:${ACCOUNT}:topic`,
  };
}

function attributesOf(url, left) {
  return {
    QueueArn: `arn:aws:sqs:${REGION}:${ACCOUNT}:${url.split('/').at(-1)}`,
    ApproximateNumberOfMessages: url.endsWith('delivery') ? String(left) : '0',
    ApproximateNumberOfMessagesNotVisible: '0',
    MessageRetentionPeriod: '1209600',
    // Nobody but the rule may send, so that events are taken at their word.
    Policy: JSON.stringify({
      Statement: [
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 'sqs:SendMessage',
          Condition: { ArnNotEquals: { 'aws:SourceArn': outputs().RuleArn } },
        },
      ],
    }),
  };
}

function messageOf(index) {
  const created = 1_790_000_000;
  const id = `evt_bench${index}`;
  const Body = JSON.stringify({
    version: '0',
    id: String(index),
    'detail-type': 'checkout.session.completed',
    source: SOURCE,
    account: ACCOUNT,
    time: '2026-11-23T10:00:00Z',
    region: REGION,
    resources: [],
    detail: {
      id,
      object: 'event',
      type: 'checkout.session.completed',
      api_version: null,
      created,
      livemode: false,
      data: { object: { id: `cs_test_${index}`, object: 'checkout.session', padding: 'x'.repeat(2_000) } },
    },
  });
  return {
    MessageId: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    ReceiptHandle: `handle-${index}`,
    Body,
    MD5OfBody: createHash('md5').update(Body).digest('hex'),
    Attributes: { SentTimestamp: String(created * 1000), ApproximateReceiveCount: '1' },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.table(await measure());
