import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startTestCloud, type TestCloud } from '../support/local-cloud.js';
import { describeWhere } from '../support/where.js';
import { workingDirectory } from './support/cli.js';
import { cachaoOnTerminal, canMakeTerminals } from './support/terminal.js';
import { worldOf } from './support/world.js';

const ENTER = '\r';
const CTRL_C = '\u0003';
const PLAN = 'Carry out this plan?';
const CHANGE_SET = 'Execute this change set?';
/** A colour or a weight: SGR sequences, as against cursor movements. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the control character is what is looked for
const COLOUR = /\u001b\[[0-9;]+m/;

/** What a person sees and answers: the built binary on a pseudo-terminal. */
describeWhere(canMakeTerminals, 'the command `script` of util-linux is not installed')(
  'cachao setup on a terminal',
  () => {
    let cloud: TestCloud;
    let directory: ReturnType<typeof workingDirectory>;
    beforeEach(async () => {
      cloud = await startTestCloud();
      directory = workingDirectory();
    });
    afterEach(async () => {
      await cloud.close();
      await directory.remove();
    });

    /** Everything that can be asked is left to be asked. */
    function setup(answers: { when: string; keys: string }[], more: Record<string, string> = {}) {
      const { CACHAO_DATABASE, CACHAO_DATABASE_PASSWORD, AWS_REGION, AWS_DEFAULT_REGION, ...environment } =
        cloud.environment;
      return cachaoOnTerminal(['setup', '--create-shop-tables'], {
        cwd: directory.path,
        environment: { ...(environment as Record<string, string>), ...more },
        answers,
      });
    }

    const questions = () => [
      { when: 'AWS region', keys: `eu-west-1${ENTER}` },
      { when: 'currency', keys: ENTER },
      { when: 'E-mail address', keys: ENTER },
      { when: 'Orders database', keys: `${cloud.environment.CACHAO_DATABASE}${ENTER}` },
      { when: 'password', keys: `${cloud.environment.CACHAO_DATABASE_PASSWORD}${ENTER}` },
    ];

    it('asks what it cannot find out, shows plan and change set, and ends in a paid order', async () => {
      const result = await setup([
        ...questions(),
        // Once too often, and once more while nothing is asked: neither answers the next question.
        { when: PLAN, keys: `y${ENTER}y${ENTER}` },
        { when: 'Stripe event destination', keys: `whatever${ENTER}` },
        { when: CHANGE_SET, keys: `y${ENTER}` },
      ]);
      expect(result.unasked, result.text).toEqual([]);
      expect(result.text).toContain('the test order was paid once');
      expect(result.code).toBe(0);
      // The password was typed, and is nowhere on the screen.
      expect(result.raw).not.toContain(cloud.environment.CACHAO_DATABASE_PASSWORD);
      // The cursor that the list hid is shown again.
      expect(result.raw.lastIndexOf('\u001b[?25h')).toBeGreaterThan(result.raw.lastIndexOf('\u001b[?25l'));
      const saved = JSON.parse(fs.readFileSync(path.join(directory.path, 'cachao.config.json'), 'utf8'));
      expect(JSON.stringify(saved)).toContain('eu-west-1');
      expect(JSON.stringify(saved)).not.toContain(cloud.environment.CACHAO_DATABASE_PASSWORD);
    });

    it('changes nothing without a clear yes: anything else is asked again, Enter alone declines', async () => {
      const unclear = ['quit', 'pässwort', 'stop', 'yes please', `npm install${ENTER}y`];
      const result = await setup([
        ...questions(),
        ...unclear.flatMap((words) => [
          { when: PLAN, keys: `${words}${ENTER}` },
          { when: 'Type y or yes', keys: '' },
        ]),
        { when: PLAN, keys: ENTER },
      ]);
      expect(result.unasked, result.text).toEqual([]);
      expect(result.text).toContain('Declined: nothing was changed.');
      expect(result.code).toBe(1);
      expect(await worldOf(cloud)).toMatchObject({ buses: 0, stacks: [], endpoints: [], destinations: [] });
    });

    it('ends at Ctrl-C at a question with 130, and changes nothing', async () => {
      const result = await setup([...questions(), { when: PLAN, keys: CTRL_C }]);
      expect(result.code).toBe(130);
      expect(result.text).not.toMatch(/\n\s+at .*:\d+:\d+/);
      expect(await worldOf(cloud)).toMatchObject({ buses: 0, stacks: [], destinations: [] });
    });

    it('writes no colour where none is wanted', async () => {
      const result = await setup([...questions(), { when: PLAN, keys: `n${ENTER}` }], { NO_COLOR: '1' });
      expect(result.raw).not.toMatch(COLOUR);
    });
  },
);
