export type Json = string | number | boolean | null | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json };

export type KeepPolicy = 'Delete' | 'Retain' | 'RetainExceptOnCreate' | 'Snapshot';

export interface ParameterDeclaration {
  type: string;
  default?: string;
  allowedValues?: string[];
  allowedPattern?: string;
  minLength?: number;
  maxLength?: number;
  minValue?: number;
  maxValue?: number;
  constraintDescription?: string;
  description?: string;
  noEcho: boolean;
}

export interface ResourceDeclaration {
  type: string;
  properties: JsonObject;
  dependsOn: string[];
  condition?: string;
  deletionPolicy: KeepPolicy;
  updateReplacePolicy: KeepPolicy;
  metadata?: JsonObject;
}

export interface OutputDeclaration {
  value: Json;
  description?: string;
  condition?: string;
  exportName?: Json;
}

/** A template whose structure was checked; intrinsic functions are still in it. */
export interface Template {
  description?: string;
  metadata?: JsonObject;
  version?: string;
  transforms: string[];
  parameters: Record<string, ParameterDeclaration>;
  mappings: Record<string, Record<string, Record<string, Json>>>;
  conditions: Record<string, Json>;
  resources: Record<string, ResourceDeclaration>;
  outputs: Record<string, OutputDeclaration>;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `[name, argument]` when the value is an intrinsic function call: an object with one key, `Ref`, `Condition` or `Fn::…`. */
export function intrinsic(value: Json): [string, Json] | undefined {
  if (!isObject(value)) return undefined;
  const keys = Object.keys(value);
  const name = keys[0];
  if (keys.length !== 1 || name === undefined) return undefined;
  if (name !== 'Ref' && name !== 'Condition' && !name.startsWith('Fn::')) return undefined;
  return [name, value[name] as Json];
}
