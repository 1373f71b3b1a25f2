/** What the disk refused (full, read-only, no directory): a sentence for people, which is all that a caller is told. */
export class StorageError extends Error {
  constructor(
    message: string,
    /** The system's, `ENOSPC`. */
    readonly code: string,
    cause: unknown,
  ) {
    super(message, { cause });
    this.name = 'StorageError';
  }
}

/** Runs what writes to `where`. Throws `StorageError` for what the disk refuses. */
export function writing<T>(where: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw error;
    const full = code === 'ENOSPC' || code === 'EDQUOT';
    throw new StorageError(
      full
        ? `The disk is full: the local cloud could not write to ${where} (${code}).`
        : `The local cloud could not write to ${where} (${code}, ${syscall}).`,
      code,
      error,
    );
  }
}

/** Writes a defect of the cloud's own, and where it happened, to the log; what the disk refused is none. */
export function logFailure(where: string, error: unknown): void {
  if (error instanceof StorageError) return;
  const detail = error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${new Date().toISOString()} ${where}: ${detail}\n`);
}

/** What a caller is told of it: one sentence, no stack. */
export function describeFailure(error: unknown): string {
  if (error instanceof StorageError) return error.message;
  const what = (error instanceof Error ? error.message : String(error)).split('\n')[0];
  return `The local cloud failed: ${what}. Its log (cloud.log in the state directory) says where.`;
}
