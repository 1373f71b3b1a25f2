// npm run fuzz: every property test with a new seed and many times the inputs; `npm run fuzz -- 12345` repeats a seed.
// Further arguments go to vitest: `npm run fuzz -- 12345 test/audit`.
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

const [first = '', ...rest] = process.argv.slice(2);
const repeated = /^-?\d+$/.test(first);
const seed = repeated ? first : String(randomInt(2 ** 31));
const files = (repeated ? rest : process.argv.slice(2)).filter((name) => !name.startsWith('-'));
const options = (repeated ? rest : process.argv.slice(2)).filter((name) => name.startsWith('-'));
const tests = readdirSync('test', { recursive: true })
  .map((name) => `test/${name}`)
  .filter(
    (name) => name.endsWith('.test.ts') && readFileSync(name, 'utf8').includes('support/property-tests.js'),
  )
  .filter((name) => files.length === 0 || files.some((part) => name.includes(part)));

console.error(`Seed ${seed}. To repeat: npm run fuzz -- ${[seed, ...files, ...options].join(' ')}`);
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', ...options, ...tests],
  {
    stdio: 'inherit',
    env: { ...process.env, CACHAO_FUZZ: seed },
  },
);
console.error(
  status === 0
    ? `Nothing found with seed ${seed}.`
    : `Failed with seed ${seed}. To repeat: npm run fuzz -- ${[seed, ...files, ...options].join(' ')}. Add the counterexample to the test as an example.`,
);
process.exit(status ?? 1);
