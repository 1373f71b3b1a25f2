import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { loadFile } from '../../src/config/file.js';
import { saveAnswers } from '../../src/config/save-answers.js';
import { temporaryDirectory } from '../support/run-cli.js';

function written(text: string): { cwd: string; file: string } {
  const cwd = temporaryDirectory();
  const file = path.join(cwd, 'cachao.config.json');
  writeFileSync(file, text);
  return { cwd, file };
}

const failure = (cwd: string) =>
  loadFile(cwd).then(
    () => undefined,
    (error) => error,
  );

describe('finding the file', () => {
  it('looks upward from the directory', async () => {
    const { cwd, file } = written('{"stages":{"dev":{}}}');
    const deep = path.join(cwd, 'a', 'b');
    mkdirSync(deep, { recursive: true });
    expect((await loadFile(deep))?.path).toBe(file);
    expect(await loadFile(temporaryDirectory())).toBeNull();
  });

  it('takes the one that is named, and says when it is not there', async () => {
    const { cwd, file } = written('{}');
    expect((await loadFile('/', file))?.path).toBe(file);
    await expect(loadFile(cwd, 'other.json')).rejects.toMatchObject({
      code: 'CONFIG_NOT_FOUND',
      exitCode: 2,
    });
  });

  it('says when it cannot be read', async () => {
    const cwd = temporaryDirectory();
    mkdirSync(path.join(cwd, 'cachao.config.json'));
    await expect(loadFile(cwd)).rejects.toMatchObject({ code: 'CONFIG_UNREADABLE' });
  });
});

describe('mistakes in the file', () => {
  it.each([
    ['{\n  "stages": {\n    "dev": {\n      "region": "eu-west-1",\n    }\n  }\n}', ':5:5'],
    ['{\n  "stages": {}\n', ':3:1'],
    ['{\n  // ours\n  "stages": {}\n}', ':2:3'],
    ["{'stages': {}}", ':1:2'],
  ])('%j: not JSON, at its line and column', async (text, position) => {
    const error = await failure(written(text).cwd);
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.message).toContain(`cachao.config.json${position} is not JSON`);
  });

  it.each([
    ['{\n  "stagse": {}\n}', ':2:3: "stagse" is not known here; did you mean "stages"?'],
    [
      '{"stages":{"dev":{\n "regoin":"eu-west-1"}}}',
      ':2:2: "regoin" is not known here; did you mean "region"?',
    ],
    ['{"stages":{"dev":{"stack":{"mangaed":true}}}}', '"mangaed" is not known here; did you mean "managed"?'],
    ['{"mute":[{"check":"a.b","raeson":"x","reason":"y"}]}', 'did you mean "reason"?'],
    [
      '{"stages":{"dev":{\n "currency":"EUR"}}}',
      ':2:2: stages.dev.currency: a currency has three lower case',
    ],
    ['{"stages":{"dev":{"logRetentionDays":15}}}', 'CloudWatch Logs accepts 1, 3, 5'],
    ['{"stages":{"Dev":{}}}', 'a stage name has 1 to 20 lower case letters'],
    ['{"mute":[{"check":"a.b","reason":"x","until":"soon"}]}', 'mute.0.until'],
    ['{"mute":[{"check":"a.b","reason":" "}]}', 'mute.0.reason: needs a reason, in words (it is " ")'],
    ['{"mute":[{"check":"a.b"}]}', 'mute.0.reason is missing'],
    ['[]', 'the file: '],
  ])('%s: named, with what was meant', async (text, expected) => {
    const error = await failure(written(text).cwd);
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', exitCode: 2 });
    expect(error.message).toContain(expected);
  });

  it('every mistake is named at once', async () => {
    const error = await failure(written('{"a":1,"stages":{"dev":{"b":1,"region":"x"}}}').cwd);
    expect(error.message.split('\n')).toHaveLength(3);
  });

  it('a password in it is refused and not repeated', async () => {
    const text = '{"stages":{"dev":{"database":"mysql://shop:hunter2@db.example/shop"}}}';
    const error = await failure(written(text).cwd);
    expect(error.code).toBe('PASSWORD_IN_URL');
    expect(JSON.stringify([error.message, error.why, error.next])).not.toContain('hunter2');
  });
});

describe('saving answers', () => {
  it('makes a file that loads, with its schema named', async () => {
    const cwd = temporaryDirectory();
    const file = await saveAnswers({ path: null, cwd }, 'dev', { region: 'eu-west-1', 'stack.name': 'shop' });
    expect((await loadFile(cwd))?.content).toEqual({
      $schema: './node_modules/cachao/schemas/config.schema.json',
      defaultStage: 'dev',
      stages: { dev: { region: 'eu-west-1', stack: { name: 'shop' } } },
    });
    expect(path.dirname(file)).toBe(cwd);
  });

  it('keeps everything else, its order and its indentation', async () => {
    const before =
      '{\n\t"mute": [],\n\t"stages": {\n\t\t"prod": {\n\t\t\t"mode": "live"\n\t\t},\n\t\t"dev": {\n\t\t\t"webhook": true\n\t\t}\n\t},\n\t"defaultStage": "prod"\n}\n';
    const { cwd, file } = written(before);
    await saveAnswers({ path: file, cwd }, 'dev', { email: null });
    const expected = before.replace('"webhook": true\n', '"webhook": true,\n\t\t\t"email": null\n');
    expect(readFileSync(file, 'utf8')).toBe(expected);
  });

  it('writes nothing when nothing changes', async () => {
    const { cwd, file } = written('{"defaultStage":"dev","stages":{"dev":{"region":"eu-west-1"}}}');
    await saveAnswers({ path: file, cwd }, 'dev', { region: 'eu-west-1' });
    expect(readFileSync(file, 'utf8')).not.toContain('\n');
  });

  it('follows a link, keeps the mode, and leaves no other file behind', async () => {
    const { cwd, file } = written('{}');
    const link = path.join(temporaryDirectory(), 'cachao.config.json');
    symlinkSync(file, link);
    await saveAnswers({ path: link, cwd: path.dirname(link) }, 'dev', { region: 'eu-west-1' });
    expect(JSON.parse(readFileSync(file, 'utf8')).stages.dev.region).toBe('eu-west-1');
    expect(statSync(file).mode & 0o777).toBe(statSync(link).mode & 0o777);
    expect(readdirSync(cwd)).toEqual(['cachao.config.json']);
  });

  it('does not touch a file that does not hold up', async () => {
    const { cwd, file } = written('{"stages": ');
    await expect(saveAnswers({ path: file, cwd }, 'dev', {})).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
    expect(readFileSync(file, 'utf8')).toBe('{"stages": ');
  });
});

describe('the published schema', () => {
  const schema = JSON.parse(
    readFileSync(new URL('../../schemas/config.schema.json', import.meta.url), 'utf8'),
  );
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);

  it('agrees with the code on what is right and what is wrong', async () => {
    const texts = [
      '{"stages":{"dev":{"region":"eu-west-1","throttle":{"rate":1},"vpc":null,"logRetentionDays":14}}}',
      '{"stages":{"dev":{"stack":{"name":"Cachao","managed":false}}},"mute":[{"check":"a.b","reason":"x"}]}',
      '{"stages":{"dev":{"regoin":"eu-west-1"}}}',
      '{"stages":{"Dev":{}}}',
      '{"stages":{"dev":{"logRetentionDays":15}}}',
      '{"defaultStage":""}',
    ];
    for (const text of texts) {
      const error = await failure(written(text).cwd);
      expect([text, validate(JSON.parse(text))]).toEqual([text, error === undefined]);
    }
  });
});
