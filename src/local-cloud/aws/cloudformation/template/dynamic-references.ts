import { validationError } from '../errors.js';
import { isObject, type Json } from './model.js';

type ReadParameter = (nameAndVersion: string) => Promise<{ type: string; value: string } | undefined>;

const REFERENCE = /\{\{resolve:([^:}]+):([^}]+)\}\}/g;

/** Replaces `{{resolve:ssm:name}}` and `{{resolve:ssm:name:version}}`; other services are refused where AWS or we cannot serve them. */
export async function resolveDynamicReferences(
  value: Json,
  path: string,
  read: ReadParameter,
): Promise<Json> {
  if (typeof value === 'string')
    return value.includes('{{resolve:') ? await resolveText(value, path, read) : value;
  if (Array.isArray(value))
    return await Promise.all(value.map((item) => resolveDynamicReferences(item, path, read)));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(
    async ([key, item]) => [key, await resolveDynamicReferences(item, `${path}/${key}`, read)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

async function resolveText(text: string, path: string, read: ReadParameter): Promise<string> {
  let result = '';
  let from = 0;
  for (const match of text.matchAll(REFERENCE)) {
    const [whole, service, name] = match as unknown as [string, string, string];
    result += text.slice(from, match.index) + (await referencedValue(service, name, path, read));
    from = match.index + whole.length;
  }
  return result + text.slice(from);
}

async function referencedValue(
  service: string,
  name: string,
  path: string,
  read: ReadParameter,
): Promise<string> {
  // No property of the types here is on AWS's list of those that may hold a secure string.
  if (service === 'ssm-secure') throw validationError(`SSM Secure reference is not supported in: [${path}]`);
  if (service !== 'ssm')
    throw validationError(
      `The local cloud does not resolve dynamic references of ${service}: {{resolve:${service}:…}} in ${path}`,
    );
  const found = await read(name);
  if (!found) throw validationError(`Parameters: [ssm:${name}] cannot be found.`);
  if (found.type === 'SecureString')
    throw validationError(`Non-secure ssm prefix was used for secure parameter: [${name}]`);
  return found.value;
}
