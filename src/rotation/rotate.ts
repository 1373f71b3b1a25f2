import type { CheckoutResult } from '../checkout/types.js';
import type { OwnedSecret } from '../checks/secret/mint-endpoint.js';
import type { Change, Progress } from '../core/check.js';
import { CachaoError, InterruptedError } from '../core/errors.js';
import { EXIT, type ExitCode } from '../core/exit-code.js';
import type { ReportOutcome } from '../core/report.js';
import type { Bench } from '../world/bench.js';
import { storedWebhookSecret } from '../world/webhook.js';
import type { World } from '../world/world.js';
import { proveDelivery } from './prove.js';
import { activate, makeQuietEndpoint, waitUntilAccepted } from './renew.js';
import { retire, waitForRetries } from './retire.js';
import { isStray, ownedSecrets, type RotationState, readRotation } from './state.js';

export interface RotateOptions {
  dryRun: boolean;
  /** How long to wait for retries, and how long the old secret outlives its endpoint. */
  graceMs: number;
  /** Remove the old endpoint although Stripe still retries events there. */
  abandonRetries: boolean;
  /** How long the proof may take. */
  timeoutMs: number;
}

/** What a rotation asks of, and tells, whoever runs it. */
export interface RotateHost {
  looking(): Progress;
  /** Throws where a live account is not confirmed. */
  confirm(changes: readonly Change[], resumed: boolean): Promise<boolean>;
  step(title: string): Progress;
}

export interface RotateResult {
  outcome: ReportOutcome;
  exitCode: ExitCode;
  changes: Change[];
  rotation: {
    /** Endpoints whose secrets are no longer accepted in the end. */
    from: string[];
    /** Null before it is made. */
    to: string | null;
    /** An earlier run had begun it. */
    resumed: boolean;
  };
  /** The proof by a real delivery; null when it did not come to one. */
  checkout: CheckoutResult | null;
}

/**
 * Puts a new signing secret in the old one's place, with both in force until the new one is proven. Where it stands is
 * told from Stripe and SSM, so running it again goes on.
 * @throws CachaoError ROTATION_*, WEBHOOK_LIMIT, and what the steps throw
 */
export async function rotate(
  world: World,
  openBench: () => Bench,
  options: RotateOptions,
  host: RotateHost,
): Promise<RotateResult> {
  host.looking();
  const state = await readRotation(world);
  const resumed = state.next !== undefined || state.orphans.length > 0;
  const changes = plan(state);
  const from = state.secrets.map(({ endpointId }) => endpointId).filter((id) => id !== state.next?.id);
  const result = { changes, rotation: { from, to: state.next?.id ?? null, resumed }, checkout: null };
  if (options.dryRun) return { ...result, outcome: 'planned', exitCode: EXIT.ok };
  if (!(await host.confirm(changes, resumed)))
    return { ...result, changes: [], outcome: 'declined', exitCode: EXIT.problem };
  const bench = openBench();
  try {
    const { to, checkout } = await carryOut(bench, state, options, host);
    return {
      ...result,
      outcome: 'changed',
      exitCode: EXIT.ok,
      rotation: { from, to, resumed },
      checkout,
    };
  } catch (error) {
    throw bench.signal.aborted && !(error instanceof CachaoError) ? new InterruptedError() : error;
  }
}

async function carryOut(
  bench: Bench,
  state: RotationState,
  options: RotateOptions,
  host: RotateHost,
): Promise<{ to: string; checkout: CheckoutResult | null }> {
  const { url, old } = state;
  const next =
    state.next ?? (await makeQuietEndpoint(bench, state, host.step('A new endpoint beside the old one')));
  const secrets = await acceptedSecrets(bench.world);
  const secret = secrets.find(({ endpointId }) => endpointId === next.id)?.secret ?? '';
  let checkout: CheckoutResult | null = null;
  if (old.length > 0) {
    await waitUntilAccepted(bench, url, secret, host.step('Both secrets accepted'));
    const proving = host.step('Proof by a real delivery');
    await activate(bench, next, old, proving);
    const lost = hasLostSecret(old, secrets);
    if (lost)
      proving.note(`the secret of ${idsOf(old)} is lost: what it sends is refused, so it is not waited for`);
    checkout = await proveDelivery(
      bench,
      {
        timeoutMs: options.timeoutMs,
        byOld: lost || options.abandonRetries ? 'no' : proofByOld(old, secrets),
      },
      proving,
    );
    if (!options.abandonRetries && !lost)
      await waitForRetries(bench, old, options.graceMs, host.step('Nothing rests on the old endpoint'));
  }
  await retire(
    bench,
    next,
    { old, secrets },
    options.graceMs,
    host.step('The old endpoint and its secret go'),
  );
  return { to: next.id, checkout };
}

async function acceptedSecrets(world: World): Promise<OwnedSecret[]> {
  world.forget('ssm');
  const stored = await storedWebhookSecret(world);
  return stored ? ownedSecrets(stored) : [];
}

/** Nothing that the old endpoints send is taken, so nothing rests on them. */
function hasLostSecret(old: RotationState['old'], secrets: readonly OwnedSecret[]): boolean {
  return old.every(({ id }) => secrets.some((one) => one.endpointId === id && isStray(one)));
}

/** A secret whose fingerprint is not known may be lost without our knowing. */
function proofByOld(old: RotationState['old'], secrets: readonly OwnedSecret[]): 'yes' | 'unless-refused' {
  const known = (id: string) => secrets.find((one) => one.endpointId === id)?.fingerprint;
  return old.every(({ id }) => known(id)) ? 'yes' : 'unless-refused';
}

const idsOf = (endpoints: RotationState['old']) => endpoints.map(({ id }) => id).join(', ');

function plan({ url, next, old, secrets }: RotationState): Change[] {
  const lost = hasLostSecret(old, secrets);
  const by = next ? next.id : 'a new one';
  return [
    ...old.map(
      ({ id }): Change => ({
        check: 'secret.webhook',
        action: 'replace',
        resource: 'Stripe webhook endpoint',
        name: id,
        details: [
          `by ${by} at ${url}`,
          lost
            ? 'its secret is lost, and what it sends is refused: only the new one has to be proven'
            : 'both send until the new one is proven by a probe and a real delivery',
        ],
      }),
    ),
    {
      check: 'secret.webhook',
      action: 'update',
      resource: 'SSM SecureString',
      name: 'webhook signing secret',
      details: [
        `accepts ${next ? secrets.length : secrets.length + 1} secrets meanwhile, and the new one alone in the end`,
      ],
    },
  ];
}
