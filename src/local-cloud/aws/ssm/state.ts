import type { LocalCloud } from '../../kernel/cloud.js';
import type { Table } from '../../kernel/store.js';

export type ParameterType = 'String' | 'StringList' | 'SecureString';
export type Tier = 'Standard' | 'Advanced';

export interface Tag {
  Key: string;
  Value: string;
}

export interface Version {
  number: number;
  /** Sealed when the parameter is a SecureString. */
  value: string;
  labels: string[];
  description?: string;
  allowedPattern?: string;
  tier: Tier;
  modified: number;
  /** ARN of who wrote it. */
  modifiedBy: string;
}

export interface Parameter {
  name: string;
  region: string;
  type: ParameterType;
  tags: Tag[];
  /** Oldest first; at most 100. */
  versions: Version[];
}

/** Parameters of every region, by `<region>/<name>`. */
export class Parameters {
  private readonly table: Table<Parameter>;

  constructor(private readonly cloud: LocalCloud) {
    this.table = cloud.store.table<Parameter>('ssm.parameters');
  }

  find(region: string, name: string): Parameter | undefined {
    return this.table.get(`${region}/${name}`);
  }

  save(parameter: Parameter): void {
    this.table.set(`${parameter.region}/${parameter.name}`, parameter);
  }

  delete(region: string, name: string): boolean {
    return this.table.delete(`${region}/${name}`);
  }

  /** A region's parameters by name. */
  list(region: string): Parameter[] {
    const found = this.table.values().filter((parameter) => parameter.region === region);
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  stored(type: ParameterType, value: string): string {
    return type === 'SecureString' ? this.cloud.store.seal(value) : value;
  }

  /** What a reader gets: without decryption a SecureString reads as its ciphertext. */
  shown(parameter: Parameter, version: Version, withDecryption: boolean): string {
    if (parameter.type !== 'SecureString') return version.value;
    return withDecryption ? this.cloud.store.unseal(version.value) : `AQICAHh${version.value}`;
  }
}

export function currentVersion(parameter: Parameter): Version {
  return parameter.versions.at(-1) as Version;
}

/** A leading slash of the name is not doubled. */
export function parameterArn(region: string, account: string, name: string): string {
  return `arn:aws:ssm:${region}:${account}:parameter${name.startsWith('/') ? '' : '/'}${name}`;
}
