import { describe, expect, it } from 'vitest';
import { terminalOf } from '../../src/terminal/terminal.js';

const TTY = { isTTY: true, columns: 100 };
const PIPE = {};
const ALL = { stdin: TTY, stdout: TTY, stderr: TTY };
const LANG = { LANG: 'en_GB.UTF-8', TERM: 'xterm-256color' };

describe('the terminal', () => {
  it.each([
    ['a terminal', LANG, ALL, { colour: true, interactive: true, live: true }],
    ['NO_COLOR', { ...LANG, NO_COLOR: '1' }, ALL, { colour: false, interactive: true, live: true }],
    ['an empty NO_COLOR', { ...LANG, NO_COLOR: '' }, ALL, { colour: true, interactive: true, live: true }],
    [
      'FORCE_COLOR, stronger',
      { ...LANG, NO_COLOR: '1', FORCE_COLOR: '1' },
      ALL,
      { colour: true, interactive: true, live: true },
    ],
    ['FORCE_COLOR=0', { ...LANG, FORCE_COLOR: '0' }, ALL, { colour: false, interactive: true, live: true }],
    ['TERM=dumb', { ...LANG, TERM: 'dumb' }, ALL, { colour: false, interactive: false, live: false }],
    ['CI', { ...LANG, CI: 'true' }, ALL, { colour: true, interactive: false, live: false }],
    ['CI=false', { ...LANG, CI: 'false' }, ALL, { colour: true, interactive: true, live: true }],
    ['a screen reader', { ...LANG, ACCESSIBLE: '1' }, ALL, { colour: true, interactive: true, live: false }],
    ['a piped result', LANG, { ...ALL, stdout: PIPE }, { colour: false, interactive: false, live: true }],
    ['a piped stdin', LANG, { ...ALL, stdin: PIPE }, { colour: true, interactive: false, live: true }],
    ['piped messages', LANG, { ...ALL, stderr: PIPE }, { colour: true, interactive: false, live: false }],
  ] as const)('%s', (_, environment, streams, expected) => {
    const { out, interactive, live } = terminalOf(environment, streams);
    expect({ colour: out.colour, interactive, live }).toEqual(expected);
  });

  it.each([
    [{}, ALL, undefined],
    [{ CI: 'true' }, ALL, 'no questions are asked, because CI=true is set'],
    [{ TERM: 'dumb' }, ALL, 'no questions are asked, because TERM=dumb is set'],
    [{ CI: 'true' }, { ...ALL, stdin: PIPE }, 'there is no terminal to ask on'],
  ])('with %j: why nobody is asked', (environment, streams, expected) => {
    expect(terminalOf({ ...LANG, ...environment }, streams).silence).toBe(expected);
  });

  it.each([
    [{ LANG: 'en_GB.UTF-8' }, true],
    [{ LC_ALL: 'C.utf8' }, true],
    [{ LANG: 'C' }, false],
    [{ LC_ALL: 'POSIX', LANG: 'en_GB.UTF-8' }, false],
  ])('%j: Unicode %s', (environment, expected) => {
    expect(terminalOf(environment, ALL).out.unicode).toBe(expected);
  });

  it.each([
    [{}, PIPE, Number.POSITIVE_INFINITY],
    [{ COLUMNS: '60' }, PIPE, 60],
    [{ COLUMNS: '60' }, TTY, 100],
    [{}, { isTTY: true, columns: 0 }, 80],
    [{}, { isTTY: true, columns: 20 }, 40],
    [{}, { isTTY: true, columns: 400 }, 120],
  ])('width with %j on %j is %i', (environment, stdout, expected) => {
    expect(terminalOf(environment, { ...ALL, stdout }).out.width).toBe(expected);
  });
});
