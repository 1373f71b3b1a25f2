import { ACCOUNT, type LocalCloud } from '../../kernel/cloud.js';
import { AwsError } from '../../kernel/service.js';
import type { Table } from '../../kernel/store.js';

export type ParameterType = 'String' | 'StringList' | 'SecureString';

export interface Version {
  version: number;
  /** Sealed where the parameter is a SecureString. */
  value: string;
  description: string | null;
  modified: number;
  labels: string[];
  user: string;
}

export interface Parameter {
  name: string;
  region: string;
  type: ParameterType;
  keyId: string | null;
  tier: string;
  dataType: string;
  tags: Record<string, string>;
  /** Oldest first; the last is current. */
  versions: Version[];
}

/** SSM keeps so many versions of a parameter (FACTS-AWS §5). */
export const VERSIONS_KEPT = 100;
const LABELS_PER_VERSION = 10;

/** The state of Parameter Store. */
export class Parameters {
  private readonly table: Table<Parameter>;

  constructor(readonly cloud: LocalCloud) {
    this.table = cloud.store.table('ssm.parameters');
  }

  find(region: string, name: string): Parameter | undefined {
    return this.table.get(`${region}${canonical(name)}`);
  }

  get(region: string, name: string): Parameter {
    const found = this.find(region, name);
    if (!found) throw new AwsError('ParameterNotFound', '');
    return found;
  }

  keep(parameter: Parameter): Parameter {
    return this.table.set(`${parameter.region}${canonical(parameter.name)}`, parameter);
  }

  delete(region: string, name: string): boolean {
    return this.table.delete(`${region}${canonical(name)}`);
  }

  inRegion(region: string): Parameter[] {
    return this.table
      .values()
      .filter((parameter) => parameter.region === region)
      .sort((a, b) => a.name.localeCompare(b.name));
  }

  /** Adds a version; drops the oldest when there are too many, unless it bears a label. */
  addVersion(parameter: Parameter, value: string, description: string | null, user: string): Parameter {
    const oldest = parameter.versions[0];
    const full = parameter.versions.length >= VERSIONS_KEPT;
    if (full && oldest && oldest.labels.length > 0)
      throw new AwsError(
        'ParameterMaxVersionLimitExceeded',
        `You attempted to create a new version of ${parameter.name} by calling the PutParameter API with the overwrite flag. Version ${oldest.version}, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.`,
      );
    const version: Version = {
      version: (parameter.versions.at(-1)?.version ?? 0) + 1,
      value: parameter.type === 'SecureString' ? this.cloud.store.seal(value) : value,
      description,
      modified: this.cloud.clock.now(),
      labels: [],
      user,
    };
    return this.keep({
      ...parameter,
      versions: [...(full ? parameter.versions.slice(1) : parameter.versions), version],
    });
  }

  label(parameter: Parameter, version: Version, labels: string[]): Parameter {
    const moved = parameter.versions.map((one) => {
      const left = one.labels.filter((label) => !labels.includes(label));
      return { ...one, labels: one.version === version.version ? [...left, ...labels] : left };
    });
    if (moved.some((one) => one.labels.length > LABELS_PER_VERSION))
      throw new AwsError(
        'ParameterVersionLabelLimitExceeded',
        'A parameter version can have a maximum of ten labels.',
      );
    return this.keep({ ...parameter, versions: moved });
  }

  /** The value in the clear, or, for a SecureString that was not asked to be decrypted, what AWS shows: ciphertext. */
  valueOf(parameter: Parameter, version: Version, decrypt: boolean): string {
    return parameter.type === 'SecureString' && decrypt
      ? this.cloud.store.unseal(version.value)
      : version.value;
  }
}

/** `name:3` and `name:label` choose a version. */
export function selected(parameter: Parameter, selector: string | undefined): Version {
  const current = parameter.versions.at(-1) as Version;
  if (selector === undefined) return current;
  const found = parameter.versions.find(
    (one) => String(one.version) === selector || one.labels.includes(selector),
  );
  if (found) return found;
  throw new AwsError(
    'ParameterVersionNotFound',
    `Systems Manager could not find version ${selector} of ${parameter.name}. Verify the version and try again.`,
  );
}

/** Splits `name:selector`; a full ARN is reduced to its name. */
export function splitName(given: string): { name: string; selector: string | undefined } {
  const name = given.startsWith('arn:')
    ? given.slice(given.indexOf(':parameter/') + ':parameter'.length)
    : given;
  const colon = name.indexOf(':');
  return colon < 0
    ? { name, selector: undefined }
    : { name: name.slice(0, colon), selector: name.slice(colon + 1) };
}

export function parameterArn(region: string, name: string): string {
  return `arn:aws:ssm:${region}:${ACCOUNT}:parameter${canonical(name)}`;
}

function canonical(name: string): string {
  return name.startsWith('/') ? name : `/${name}`;
}
