import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../src/checks/registry.js';

describe('the registry of checks', () => {
  const ids = CHECKS.map((check) => check.id);

  it('has each check once', () => {
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('has each check after those it needs', () => {
    const early = CHECKS.flatMap((check, index) =>
      check.needs
        .filter((need) => !ids.slice(0, index).includes(need))
        .map((need) => `${check.id} before ${need}`),
    );
    expect(early).toEqual([]);
  });

  it('puts each check into the area that its id names', () => {
    expect(CHECKS.filter(({ id, area }) => !id.startsWith(`${area}.`)).map(({ id }) => id)).toEqual([]);
  });
});
