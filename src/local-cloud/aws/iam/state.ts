import { randomBytes } from 'node:crypto';
import { ACCOUNT, type LocalCloud, OPERATOR } from '../../kernel/cloud.js';
import { AwsError } from '../../kernel/service.js';
import type { Table } from '../../kernel/store.js';

export interface Tag {
  Key: string;
  Value: string;
}

/** What roles and users have in common: policies of their own and attached ones. */
export interface Identity {
  kind: 'role' | 'user';
  name: string;
  path: string;
  id: string;
  arn: string;
  created: number;
  tags: Tag[];
  /** Policy ARN. */
  boundary?: string;
  /** Documents by policy name, in the order in which they were put. */
  inline: Record<string, string>;
  /** Policy ARNs. */
  attached: string[];
}

export interface Role extends Identity {
  kind: 'role';
  description?: string;
  maxSessionSeconds: number;
  trust: string;
}

export interface User extends Identity {
  kind: 'user';
}

export interface ManagedPolicy {
  name: string;
  path: string;
  id: string;
  arn: string;
  description?: string;
  created: number;
  updated: number;
  tags: Tag[];
  defaultVersion: string;
  nextVersion: number;
  versions: { id: string; document: string; created: number }[];
}

/** IAM is global: no region in any key. */
export interface IamState {
  /** By lower-cased name: IAM's names are unique whatever their case. */
  roles: Table<Role>;
  users: Table<User>;
  /** By ARN. */
  policies: Table<ManagedPolicy>;
  /** The operator's enforced policy document under `operator`. */
  enforcement: Table<{ document: string }>;
}

export function iamState(cloud: LocalCloud): IamState {
  return {
    roles: cloud.store.table<Role>('iam.roles'),
    users: cloud.store.table<User>('iam.users'),
    policies: cloud.store.table<ManagedPolicy>('iam.policies'),
    enforcement: cloud.store.table<{ document: string }>('iam.enforcement'),
  };
}

/** The operator exists from the beginning. */
export function ensureOperator(state: IamState, now: number): void {
  const name = OPERATOR_NAME;
  if (state.users.has(name)) return;
  const identity = {
    path: '/',
    id: uniqueId('AIDA'),
    arn: `arn:aws:iam::${ACCOUNT}:user/${name}`,
    created: now,
  };
  state.users.set(name, { kind: 'user', name, ...identity, tags: [], inline: {}, attached: [] });
}

export const OPERATOR_NAME = OPERATOR.kind === 'user' ? (OPERATOR.arn.split('/').at(-1) as string) : '';

export function findRole(state: IamState, name: unknown): Role {
  const role = state.roles.get(String(name).toLowerCase());
  if (!role) throw noSuchEntity(`The role with name ${String(name)} cannot be found.`);
  return role;
}

export function roleByArn(state: IamState, arn: string): Role | undefined {
  const role = state.roles.get((arn.split('/').at(-1) ?? '').toLowerCase());
  return role?.arn === arn ? role : undefined;
}

export function findUser(state: IamState, name: unknown): User {
  const user = state.users.get(String(name ?? OPERATOR_NAME).toLowerCase());
  if (!user) throw noSuchEntity(`The user with name ${String(name)} cannot be found.`);
  return user;
}

/** Stores a changed role or user. */
export function save(state: IamState, identity: Role | User): void {
  if (identity.kind === 'role') state.roles.set(identity.name.toLowerCase(), identity);
  else state.users.set(identity.name.toLowerCase(), identity);
}

export function noSuchEntity(message: string): AwsError {
  return new AwsError('NoSuchEntity', message, 404);
}

/** `AROA…`, `ANPA…`: a prefix and 17 capitals and digits, as AWS's unique ids. */
export function uniqueId(prefix: string, length = 17): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return prefix + [...randomBytes(length)].map((byte) => alphabet[byte % 32]).join('');
}
