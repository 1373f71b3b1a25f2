const GATHER_MS = 50;
const SHOWN = 3;

/** Tells of checks that have no answer yet: those that become slow together in one line. */
export function slowNotes(note: (text: string) => void) {
  let waiting: string[] = [];
  return (check: { id: string }, afterMs: number): void => {
    waiting.push(check.id);
    if (waiting.length > 1) return;
    setTimeout(() => {
      const more = waiting.length > SHOWN ? ` and ${waiting.length - SHOWN} more` : '';
      note(`no answer after ${afterMs / 1000} s: ${waiting.slice(0, SHOWN).join(', ')}${more}`);
      waiting = [];
    }, GATHER_MS).unref();
  };
}
