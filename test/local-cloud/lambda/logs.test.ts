import { InvokeCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { createFunction, lambdaCloud, setPolicy } from './lambda-cloud.js';

const SOURCE = `
  console.log('loading');
  export const handler = async () => {
    console.info('one %s', 'two', { three: 3 });
    console.error(new RangeError('bad'));
    process.stdout.write('raw\\nhalf');
    console.debug('quiet');
  }`;

describe('logs', () => {
  it('are text lines between START, END and REPORT', async () => {
    const aws = await lambdaCloud();
    await createFunction(aws, 'orders', SOURCE);
    const { $metadata } = await aws.lambda.send(new InvokeCommand({ FunctionName: 'orders' }));
    const id = $metadata.requestId as string;
    const lines = aws.lines('/aws/lambda/orders');
    expect(lines[0]).toMatch(/^\d{4}-.*Z\tundefined\tINFO\tloading$/);
    expect(lines[1]).toBe(`START RequestId: ${id} Version: $LATEST\n`);
    expect(lines[2]).toMatch(new RegExp(`Z\\t${id}\\tINFO\\tone two \\{ three: 3 \\}$`));
    expect(lines[3]).toMatch(/\tERROR\tRangeError: bad\r/);
    expect(lines.slice(4)).toEqual([
      'raw',
      expect.stringMatching(/\tDEBUG\tquiet$/),
      'half',
      `END RequestId: ${id}\n`,
      expect.stringMatching(
        /^REPORT RequestId: .*Memory Size: 128 MB\tMax Memory Used: \d+ MB\tInit Duration: /,
      ),
    ]);
    expect(aws.streams('/aws/lambda/orders')).toEqual([
      expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
    ]);
  });

  it('are JSON documents when the function asks for it, in its own group and by level', async () => {
    const aws = await lambdaCloud();
    await createFunction(aws, 'orders', SOURCE, {
      LoggingConfig: { LogFormat: 'JSON', LogGroup: '/shop/orders', ApplicationLogLevel: 'INFO' },
    });
    const { $metadata } = await aws.lambda.send(new InvokeCommand({ FunctionName: 'orders' }));
    const requestId = $metadata.requestId as string;
    const documents = aws
      .lines('/shop/orders')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
    expect(documents).toEqual([
      expect.objectContaining({ level: 'INFO', message: 'loading' }),
      { time: expect.any(String), type: 'platform.start', record: { requestId, version: '$LATEST' } },
      expect.objectContaining({ level: 'INFO', requestId, message: 'one two { three: 3 }' }),
      expect.objectContaining({
        level: 'ERROR',
        errorType: 'RangeError',
        errorMessage: 'bad',
        stackTrace: expect.any(Array),
      }),
      expect.objectContaining({
        type: 'platform.report',
        record: expect.objectContaining({ requestId, status: 'success' }),
      }),
    ]);
    expect(aws.streams('/aws/lambda/orders')).toEqual([]);
  });

  it('vanish when the role may not write them, and the group is not made', async () => {
    const aws = await lambdaCloud();
    const statement = {
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: '*',
    };
    await setPolicy(aws.cloud, { Version: '2012-10-17', Statement: [statement] });
    await createFunction(aws, 'orders', SOURCE);
    const answer = await aws.lambda.send(new InvokeCommand({ FunctionName: 'orders', LogType: 'Tail' }));
    expect(answer.FunctionError).toBeUndefined();
    expect(aws.lines('/aws/lambda/orders')).toEqual([]);
    expect(Buffer.from(answer.LogResult ?? '', 'base64').toString()).toContain('REPORT RequestId');
  });
});
