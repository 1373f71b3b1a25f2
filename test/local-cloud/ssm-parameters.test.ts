import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  AddTagsToResourceCommand,
  DeleteParametersCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  LabelParameterVersionCommand,
  ListTagsForResourceCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeDirectory } from '../support/directories.js';
import { startTestCloud, type TestCloud } from '../support/local-cloud.js';

let cloud: TestCloud;
let ssm: SSMClient;
let directory: string;
beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'local-cloud-'));
  cloud = await startTestCloud({ clock: 'manual', directory });
  ssm = new SSMClient(cloud.client);
});
afterAll(async () => {
  await cloud.close();
  await removeDirectory(directory);
});

const put = (Name: string, more: Partial<PutParameterCommandInput> = {}) =>
  ssm.send(new PutParameterCommand({ Name, Value: 'v', Type: 'String', ...more }));
const overwrite = (Name: string, Value: string) =>
  ssm.send(new PutParameterCommand({ Name, Value, Overwrite: true }));
const value = async (Name: string, WithDecryption = false) =>
  (await ssm.send(new GetParameterCommand({ Name, WithDecryption }))).Parameter?.Value;

test('versions count up, and each can be read by number and by label', async () => {
  expect((await put('/v/a', { Value: 'one' })).Version).toBe(1);
  expect((await overwrite('/v/a', 'two')).Version).toBe(2);
  const label = (ParameterVersion: number, ...Labels: string[]) =>
    ssm.send(new LabelParameterVersionCommand({ Name: '/v/a', ParameterVersion, Labels }));
  expect((await label(1, 'live', 'aws-no', '1no')).InvalidLabels).toEqual(['aws-no', '1no']);
  expect([await value('/v/a'), await value('/v/a:1'), await value('/v/a:live')]).toEqual([
    'two',
    'one',
    'one',
  ]);
  await label(2, 'live');
  expect(await value('/v/a:live')).toBe('two');
  await expect(value('/v/a:9')).rejects.toMatchObject({ name: 'ParameterVersionNotFound' });
  await expect(value('/v/none')).rejects.toMatchObject({ name: 'ParameterNotFound' });
});

test('the oldest of 100 versions makes room, unless it bears a label', async () => {
  await put('/full');
  for (let n = 2; n <= 101; n++) await overwrite('/full', String(n));
  await expect(value('/full:1')).rejects.toMatchObject({ name: 'ParameterVersionNotFound' });
  await ssm.send(new LabelParameterVersionCommand({ Name: '/full', ParameterVersion: 2, Labels: ['kept'] }));
  await expect(overwrite('/full', 'x')).rejects.toMatchObject({ name: 'ParameterMaxVersionLimitExceeded' });
  expect(await value('/full')).toBe('101');
  const page = await ssm.send(new GetParameterHistoryCommand({ Name: '/full', MaxResults: 50 }));
  const NextToken = page.NextToken as string;
  const rest = await ssm.send(new GetParameterHistoryCommand({ Name: '/full', NextToken }));
  const numbers = [...(page.Parameters ?? []), ...(rest.Parameters ?? [])].map(({ Version }) => Version);
  expect(numbers).toEqual(Array.from({ length: 100 }, (_, n) => n + 2));
});

test('a SecureString is shown only with decryption, and stands in no file of the state', async () => {
  const secret = 'a-signing-secret-nobody-may-see';
  await put('/s', { Type: 'SecureString', Value: secret });
  expect(await value('/s')).not.toContain(secret);
  expect(await value('/s', true)).toBe(secret);
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((file) =>
    file.isFile(),
  );
  expect(files.map(({ name }) => name)).toContain('journal.jsonl');
  for (const file of files)
    expect(readFileSync(path.join(file.parentPath, file.name), 'latin1')).not.toContain(secret);
});

test('tags are refused together with overwrite, in the words of AWS, and are kept by an overwrite', async () => {
  const Tags = [{ Key: 'stage', Value: 'dev' }];
  await put('/t', { Tags });
  await expect(put('/t', { Tags, Overwrite: true })).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining("tags and overwrite can't be used together"),
  });
  await overwrite('/t', 'w');
  const resource = { ResourceType: 'Parameter', ResourceId: '/t' } as const;
  await ssm.send(new AddTagsToResourceCommand({ ...resource, Tags: [{ Key: 'b', Value: 'c' }] }));
  const { TagList } = await ssm.send(new ListTagsForResourceCommand(resource));
  expect(TagList).toEqual([...Tags, { Key: 'b', Value: 'c' }]);
});

test.each<[string, Partial<PutParameterCommandInput>, string]>([
  ['a value that is there', {}, 'ParameterAlreadyExists'],
  ['another type', { Type: 'SecureString', Overwrite: true }, 'HierarchyTypeMismatchException'],
  ['4097 bytes', { Name: '/x', Value: 'é'.repeat(2049) }, 'ValidationException'],
  ['an empty value', { Name: '/x', Value: '' }, 'ValidationException'],
  ['a nested reference', { Name: '/x', Value: 'a {{b}} c' }, 'ValidationException'],
  ['a reserved name', { Name: '/aws/x' }, 'ValidationException'],
  ['a path without its slash', { Name: 'a/b' }, 'ValidationException'],
  ['sixteen levels', { Name: '/a'.repeat(16) }, 'HierarchyLevelLimitExceededException'],
  [
    'a value outside its pattern',
    { Name: '/x', AllowedPattern: '^\\d+$' },
    'ParameterPatternMismatchException',
  ],
  ['a pattern that is none', { Name: '/x', AllowedPattern: '(' }, 'InvalidAllowedPatternException'],
])('%s is refused', async (_what, input, name) => {
  await put('/there').catch(() => undefined);
  await expect(put('/there', input)).rejects.toMatchObject({ name });
  expect(await value('/there')).toBe('v');
});

test('many are read at once, by name and by path; what is missing is named', async () => {
  for (const name of ['/p/a', '/p/b', '/p/c/d', '/pq']) await put(name);
  const Names = ['/p/a', '/p/none', '/p/a:7'];
  const some = await ssm.send(new GetParametersCommand({ Names }));
  expect(some.Parameters?.map(({ Name }) => Name)).toEqual(['/p/a']);
  expect(some.InvalidParameters).toEqual(['/p/none', '/p/a:7']);
  const below = async (Recursive: boolean) => {
    const found = await ssm.send(new GetParametersByPathCommand({ Path: '/p', Recursive }));
    return found.Parameters?.map(({ Name }) => Name);
  };
  expect(await below(false)).toEqual(['/p/a', '/p/b']);
  expect(await below(true)).toEqual(['/p/a', '/p/b', '/p/c/d']);
  const ParameterFilters = [{ Key: 'Name', Option: 'BeginsWith', Values: ['/p'] }];
  const described = await ssm.send(new DescribeParametersCommand({ ParameterFilters }));
  expect(described.Parameters?.length).toBe(4);
  const gone = await ssm.send(new DeleteParametersCommand({ Names: ['/p/a', '/p/none'] }));
  expect(gone).toMatchObject({ DeletedParameters: ['/p/a'], InvalidParameters: ['/p/none'] });
});

test('a parameter of one region is not in another', async () => {
  await put('/region');
  const elsewhere = new SSMClient({ ...cloud.client, region: 'eu-central-1' });
  await expect(elsewhere.send(new GetParameterCommand({ Name: '/region' }))).rejects.toMatchObject({
    name: 'ParameterNotFound',
  });
});
