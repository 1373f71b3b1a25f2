import { expect, it } from 'vitest';
import { template } from './read-template.js';

/**
 * Types whose Ref is not the first member of their primary identifier in AWS's registry. A change set that reverts
 * drift takes a Ref to them for another value (cloudformation-coverage-roadmap#2505), and so replaces what refers to them.
 */
const MISTAKEN = ['AWS::ApiGateway::Resource', 'AWS::ApiGateway::Method', 'AWS::ApiGateway::Stage'];

/** Names that `Ref` and `${}` of `Fn::Sub` refer to. */
function referred(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referred);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'Ref') return [String(inner)];
    if (key !== 'Fn::Sub') return referred(inner);
    const [text, ...rest] = [inner].flat();
    return [
      ...[...String(text).matchAll(/\$\{([^}!.]+)\}/g)].map(([, name]) => name ?? ''),
      ...rest.flatMap(referred),
    ];
  });
}

it('refers with Ref only to what a change set that reverts drift can refer to', () => {
  const names = referred([template.Resources, template.Outputs]);
  expect(names.length).toBeGreaterThan(50);
  expect(names.filter((name) => MISTAKEN.includes(template.Resources[name]?.Type ?? ''))).toEqual([]);
});
