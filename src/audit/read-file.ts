import { promises as fs } from 'node:fs';
import path from 'node:path';
import { CachaoError } from '../core/errors.js';
import { EXIT } from '../core/exit-code.js';
import { LARGEST } from './document/parse.js';
import { unreadable } from './document/unreadable.js';

/** A template's text. Throws a CachaoError that says what stands there instead. */
export async function readTemplate(cwd: string, file: string): Promise<string> {
  const absolute = path.resolve(cwd, file);
  let bytes: Buffer;
  try {
    const found = await fs.stat(absolute);
    if (!found.isFile()) throw noFile(file);
    // Nothing that large is a template; it need not be read to be told so.
    if (found.size > 4 * LARGEST) throw tooLarge(file, found.size);
    bytes = await fs.readFile(absolute);
  } catch (error) {
    throw error instanceof CachaoError ? error : cannotOpen(file, error as NodeJS.ErrnoException);
  }
  return decoded(file, bytes);
}

/** Puts a text in the file's place: whole, or not at all. The file's mode stays; a link is followed. */
export async function replaceTemplate(
  cwd: string,
  file: string,
  before: string,
  text: string,
): Promise<void> {
  let temporary: string | undefined;
  try {
    const target = await fs.realpath(path.resolve(cwd, file));
    if ((await fs.readFile(target, 'utf8')) !== before) throw changedMeanwhile(file);
    const { mode } = await fs.stat(target);
    await fs.access(target, fs.constants.W_OK);
    const beside = path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}.tmp`);
    const handle = await fs.open(beside, 'wx', mode);
    temporary = beside;
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await fs.chmod(beside, mode);
    await fs.rename(beside, target);
  } catch (error) {
    if (temporary !== undefined) await fs.rm(temporary, { force: true }).catch(() => undefined);
    if (error instanceof CachaoError) throw error;
    throw new CachaoError({
      code: 'TEMPLATE_UNWRITABLE',
      message: `${file} could not be written: ${(error as Error).message}.`,
      why: 'The file is as it was.',
      exitCode: EXIT.usage,
      next: [
        'Make the file and its directory writable, or apply the patch yourself: cachao audit --diff | git apply',
      ],
      cause: error,
    });
  }
}

function decoded(file: string, bytes: Buffer): string {
  const wide = bytes[0] === 0xff || bytes[0] === 0xfe;
  try {
    // The mark at the beginning stays: the file is given back as it was.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new CachaoError({
      code: 'TEMPLATE_BINARY',
      message: `${file}: this is no UTF-8 text${wide ? ', it looks like UTF-16' : ` (offset ${firstBad(bytes)})`}.`,
      next: ['Name a CloudFormation or SAM template, in YAML or JSON, saved as UTF-8.'],
      exitCode: EXIT.usage,
      cause,
    });
  }
}

/** The first byte that is not part of a character. */
function firstBad(bytes: Buffer): number {
  const text = bytes.toString('utf8');
  const at = text.indexOf('\uFFFD');
  return at === -1 ? 0 : Buffer.byteLength(text.slice(0, at));
}

function cannotOpen(file: string, error: NodeJS.ErrnoException): CachaoError {
  const missing = error.code === 'ENOENT' || error.code === 'ENOTDIR';
  const reason = error.code === 'EACCES' ? 'it may not be read by you' : error.message;
  return new CachaoError({
    code: missing ? 'TEMPLATE_NOT_FOUND' : 'TEMPLATE_UNREADABLE',
    message: missing ? `${file}: there is no such file.` : `${file}: ${reason}.`,
    next: [
      missing
        ? 'Look at the path, or name no file: cachao audit finds templates by itself.'
        : 'Make it readable.',
    ],
    exitCode: EXIT.usage,
    cause: error,
  });
}

const noFile = (file: string): CachaoError =>
  unreadable(file, {
    code: 'TEMPLATE_UNREADABLE',
    what: 'this is no regular file.',
    next: 'Name a template.',
  });

const tooLarge = (file: string, size: number): CachaoError =>
  unreadable(file, {
    code: 'TEMPLATE_TOO_LARGE',
    what: `the file has ${size.toLocaleString('en')} bytes.`,
    why: `CloudFormation takes templates of at most ${LARGEST.toLocaleString('en')} bytes.`,
    next: 'Name the template itself, or split it into nested stacks.',
  });

const changedMeanwhile = (file: string): CachaoError =>
  new CachaoError({
    code: 'TEMPLATE_CHANGED',
    message: `${file} changed while it was being audited; it was not written.`,
    next: ['Run the audit again.'],
    exitCode: EXIT.usage,
  });
