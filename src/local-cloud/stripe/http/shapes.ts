import { invalidRequest, notSupported } from './errors.js';

/**
 * Turns what a request holds (form text on v1, JSON on v2) into a typed value, or refuses it in Stripe's words.
 * `path` is the parameter's name as the client wrote it: `line_items[0][price]`.
 */
export interface Shape<T> {
  read(value: unknown, path: string): T;
}

// biome-ignore lint/suspicious/noExplicitAny: a record of shapes of every type
type Members = Record<string, Shape<any>>;
export type Shaped<S extends Members> = { [K in keyof S]: S[K] extends Shape<infer T> ? T : never };

/** Text that is not empty: an empty value means "unset" to Stripe, which only `clearable` allows. */
export function text(options: { longest?: number } = {}): Shape<string> {
  return {
    read(value, path) {
      required(value, path);
      if (typeof value !== 'string') throw invalidRequest(`Invalid string: ${JSON.stringify(value)}`, path);
      if (value === '') throw emptyText(path);
      const { longest = 5000 } = options;
      if (value.length > longest)
        throw invalidRequest(
          `Invalid string: ${value.slice(0, 10)}...${value.slice(-10)}; must be at most ${longest} characters`,
          path,
        );
      return value;
    },
  };
}

export function integer(range: { least?: number; most?: number } = {}): Shape<number> {
  return {
    read(value, path) {
      required(value, path);
      const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
      if (typeof number !== 'number' || !Number.isSafeInteger(number))
        throw invalidRequest(`Invalid integer: ${plain(value)}`, path, 'parameter_invalid_integer');
      const { least = Number.MIN_SAFE_INTEGER, most = Number.MAX_SAFE_INTEGER } = range;
      if (number < least) throw outOfRange('greater', least, number, path);
      if (number > most) throw outOfRange('less', most, number, path);
      return number;
    },
  };
}

export function boolean(): Shape<boolean> {
  return {
    read(value, path) {
      required(value, path);
      if (value === true || value === 'true') return true;
      if (value === false || value === 'false') return false;
      throw invalidRequest(`Invalid boolean: ${plain(value)}`, path);
    },
  };
}

export function oneOf<const T extends readonly string[]>(...choices: T): Shape<T[number]> {
  return {
    read(value, path) {
      required(value, path);
      if (typeof value === 'string' && choices.includes(value)) return value;
      const listed =
        choices.length > 1 ? `${choices.slice(0, -1).join(', ')}, or ${choices.at(-1)}` : choices[0];
      throw invalidRequest(`Invalid ${path}: must be one of ${listed}`, path);
    },
  };
}

/** A list: JSON, `a[]=…` or `a[0]=…`. */
export function listOf<T>(element: Shape<T>, options: { least?: number; most?: number } = {}): Shape<T[]> {
  return {
    read(value, path) {
      required(value, path);
      if (value === '') throw emptyText(path);
      const list = asList(value);
      if (!list) throw invalidRequest('Invalid array', path);
      if (list.length < (options.least ?? 0)) throw missing(path);
      if (list.length > (options.most ?? 1000))
        throw invalidRequest(
          `Invalid array: ${path} may have at most ${options.most ?? 1000} elements`,
          path,
        );
      return list.map((item, index) => element.read(item, `${path}[${index}]`));
    },
  };
}

/** A hash with these members and no other. */
export function hash<S extends Members>(members: S): Shape<Shaped<S>> {
  return {
    read(value, path) {
      required(value, path);
      if (!isMap(value)) throw invalidRequest('Invalid object', path);
      const unknown = Object.keys(value).filter((name) => !Object.hasOwn(members, name));
      if (unknown.length > 0) throw unknownParameters(unknown.map((name) => inside(path, name)));
      const read: Record<string, unknown> = {};
      for (const [name, shape] of Object.entries(members))
        read[name] = shape.read(value[name], inside(path, name));
      return read as Shaped<S>;
    },
  };
}

export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return { read: (value, path) => (value === undefined ? undefined : shape.read(value, path)) };
}

/** Absent: leave as it is. Empty text (v1) or null (v2): clear, read as null. */
export function clearable<T>(shape: Shape<T>): Shape<T | null | undefined> {
  return {
    read: (value, path) =>
      value === undefined ? undefined : value === '' || value === null ? null : shape.read(value, path),
  };
}

/** Stripe knows it, the local cloud does not: refused by name where it would change what happens. */
export function unsupported(): Shape<undefined> {
  return {
    read(value, path) {
      if (value === undefined || value === '' || value === null) return undefined;
      throw notSupported(`the parameter ${path}`, path);
    },
  };
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function missing(path: string): Error {
  return invalidRequest(`Missing required param: ${path}.`, path, 'parameter_missing');
}

function required(value: unknown, path: string): void {
  if (value === undefined || value === null) throw missing(path);
}

function emptyText(path: string): Error {
  return invalidRequest(
    `You passed an empty string for '${path}'. We assume empty values are an attempt to unset a parameter; however '${path}' cannot be unset. You should remove '${path}' from your request or supply a non-empty value.`,
    path,
    'parameter_invalid_empty',
  );
}

function unknownParameters(paths: string[]): Error {
  const [first] = paths as [string, ...string[]];
  const message =
    paths.length === 1
      ? `Received unknown parameter: ${first}`
      : `Received unknown parameters: ${paths.join(', ')}`;
  return invalidRequest(message, first, 'parameter_unknown');
}

function outOfRange(than: 'greater' | 'less', limit: number, value: number, path: string): Error {
  return invalidRequest(
    `This value must be ${than} than or equal to ${limit} (it currently is '${value}').`,
    path,
    'parameter_invalid_integer',
  );
}

function asList(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (!isMap(value)) return undefined;
  const indices = Object.keys(value);
  if (!indices.every((index) => /^\d+$/.test(index))) return undefined;
  return indices.sort((a, b) => Number(a) - Number(b)).map((index) => value[index]);
}

function inside(path: string, name: string): string {
  return path === '' ? name : `${path}[${name}]`;
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
