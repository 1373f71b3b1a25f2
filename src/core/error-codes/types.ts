/** What a person needs to know of one stable error code, whichever command printed it. */
export interface ErrorEntry {
  /** What happened. */
  what: string;
  /** Why it happens, or why the command stops because of it. */
  why: string;
  /** What to do next. */
  next: string;
  /** A message with this code, as it is printed. */
  example: string;
}

export type ErrorTable = Record<string, ErrorEntry>;
