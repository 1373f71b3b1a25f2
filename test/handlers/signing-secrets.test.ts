import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { freshSigningSecrets, signingSecrets } from '../../handlers/stripe-webhook/secrets.js';
import { functionEnvironment, startParameterStore } from './support/parameter-store.js';

let store: Awaited<ReturnType<typeof startParameterStore>>;

beforeEach(async () => {
  store = await startParameterStore({ '/secret': 'whsec_one' });
  for (const [name, value] of Object.entries(functionEnvironment(store.url))) vi.stubEnv(name, value);
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  await store.close();
});

it('a warm function finds a rotated secret when a signature fails, at most every ten seconds', async () => {
  expect(await signingSecrets('/secret')).toEqual(['whsec_one']);
  store.values['/secret'] = ' whsec_two ,whsec_one\n';
  expect(await signingSecrets('/secret')).toEqual(['whsec_one']);
  expect(await freshSigningSecrets('/secret')).toEqual(['whsec_one']);
  vi.advanceTimersByTime(10_000);
  expect(await signingSecrets('/secret')).toEqual(['whsec_one']);
  expect(await freshSigningSecrets('/secret')).toEqual(['whsec_two', 'whsec_one']);
  expect(store.asked).toHaveLength(2);

  store.values['/secret'] = ',';
  vi.advanceTimersByTime(5 * 60_000);
  await expect(signingSecrets('/secret')).rejects.toMatchObject({ name: 'CONFIGURATION' });
});
