import http from 'node:http';
import { expect } from 'vitest';
import { TOKEN_HEADER } from '../../../src/local-cloud/admin/index.js';
import type { TestCloud } from '../../support/local-cloud.js';
import { type CliResult, cachao } from './cli.js';
import { environmentFor } from './clouds.js';

interface Statement {
  Effect: string;
  Action: string[];
  Resource: string[];
}

export interface Allowed {
  statements: Statement[];
  stripe: string[];
}

/** What `cachao policy` prints for a command, in this very account. */
export async function printedPolicy(
  cloud: TestCloud,
  command: string,
  cwd: string,
  args: readonly string[] = [],
): Promise<Allowed> {
  const { stdout } = await cachao(['policy', '--for', command, ...args, '--json'], {
    cwd,
    environment: environmentFor(cloud),
  });
  const report = JSON.parse(stdout) as {
    policies: { document: { Statement: Statement[] } }[];
    stripe: string[];
  };
  return {
    statements: report.policies.flatMap(({ document }) => document.Statement),
    stripe: report.stripe,
  };
}

/** From now on whoever runs cachao may do this and nothing else, on AWS and on Stripe. Returns their environment. */
export async function confine(
  cloud: TestCloud,
  { statements, stripe }: Allowed,
): Promise<Record<string, string>> {
  const put = async (path: string, body: object) => {
    // Clouds come and go on the same port: a connection that is kept for the next one would be a dead one.
    const answer = await new Promise<number | undefined>((resolve, reject) => {
      const request = http.request(`${cloud.aws}/_cachao/${path}`, {
        method: 'PUT',
        agent: false,
        headers: { [TOKEN_HEADER]: cloud.cloud.adminToken },
      });
      request.once('error', reject).once('response', (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.end(JSON.stringify(body));
    });
    expect(answer).toBe(200);
  };
  await put('enforcement', { policy: { Version: '2012-10-17', Statement: statements } });
  const key = `rk_test_${'confined'.repeat(3)}`;
  await put('stripe/keys', { key, permissions: stripe });
  return { ...environmentFor(cloud), STRIPE_API_KEY: key };
}

export function without(allowed: Allowed, action: string): Allowed {
  const statements = allowed.statements
    .map((statement) => ({ ...statement, Action: statement.Action.filter((one) => one !== action) }))
    .filter(({ Action }) => Action.length > 0);
  return { ...allowed, statements };
}

/** The IAM actions that the operator asks for from now on, and CloudFormation in their name. */
export function recordActions(cloud: TestCloud): Set<string> {
  const iam = cloud.cloud.port('iam');
  const asked = new Set<string>();
  const { decide, allows } = iam;
  const note = (request: Parameters<typeof allows>[0]) => {
    if (request.principal.kind === 'user') asked.add(request.action);
  };
  iam.allows = (request) => {
    note(request);
    return allows.call(iam, request);
  };
  if (decide)
    iam.decide = (request) => {
      note(request);
      return decide.call(iam, request);
    };
  return asked;
}

/** Everything that a run told. */
export function told({ stdout, stderr }: CliResult): string {
  return stdout + stderr;
}
