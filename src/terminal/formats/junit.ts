import { escaped, tag } from './xml.js';

export type JunitResult =
  /** `note` goes to the case's output. */
  | { kind: 'passed'; note?: string }
  | { kind: 'failure' | 'error'; message: string; type: string; text?: string }
  | { kind: 'skipped'; message: string };

export interface JunitCase {
  classname: string;
  name: string;
  /** More attributes: `time`, `file`. */
  attributes?: Record<string, string>;
  result: JunitResult;
}

export interface JunitSuite {
  name: string;
  cases: readonly JunitCase[];
  attributes?: Record<string, string>;
}

/** JUnit's XML, as CI systems read it. */
export function writeJunit(name: string, suites: readonly JunitSuite[]): string {
  return ['<?xml version="1.0" encoding="UTF-8"?>', tag('testsuites', { name }, suites.map(writeSuite))].join(
    '\n',
  );
}

function writeSuite({ name, cases, attributes = {} }: JunitSuite): string {
  const count = (kind: JunitResult['kind']) => cases.filter(({ result }) => result.kind === kind).length;
  const counts = { failures: count('failure'), errors: count('error'), skipped: count('skipped') };
  return tag('testsuite', { name, tests: cases.length, ...counts, ...attributes }, cases.map(writeCase));
}

function writeCase({ classname, name, attributes = {}, result }: JunitCase): string {
  return tag('testcase', { classname, name, ...attributes }, writeResult(result));
}

function writeResult(result: JunitResult): string[] {
  if (result.kind === 'passed')
    return result.note === undefined ? [] : [tag('system-out', {}, [escaped(result.note)])];
  if (result.kind === 'skipped') return [tag('skipped', { message: result.message })];
  const { kind, message, type, text } = result;
  return [tag(kind, { message, type }, text === undefined ? [] : [escaped(text)])];
}
