import { expect, it } from 'vitest';
import { comparableTags } from '../../../src/local-cloud/aws/cloudformation/engine/drift-tags.js';

const tag = (Key: string, Value = Key) => ({ Key, Value });
const fromStack = { team: 'shop', stage: 'dev', 'aws:cloudformation:stack-name': 'shop' };

it('tags that a resource has from its stack are no drift, unless it states them itself', () => {
  const stated = [tag('b'), tag('stage', 'own')];
  const live = [
    tag('stage', 'changed'),
    tag('team', 'shop'),
    tag('aws:cloudformation:stack-name'),
    tag('b'),
    tag('by-hand'),
  ];
  expect(comparableTags(live, stated, fromStack)).toEqual([
    tag('b'),
    tag('by-hand'),
    tag('stage', 'changed'),
  ]);
});

it('tags that are a map, or absent, are left as they are', () => {
  expect(comparableTags({ a: 'b' }, undefined, fromStack)).toEqual({ a: 'b' });
  expect(comparableTags(undefined, [], fromStack)).toBeUndefined();
});
