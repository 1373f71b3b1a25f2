/** How one call of `exercise.py` was answered. */
export interface CallRecord {
  /** `events.PutRule`. */
  call: string;
  /** `success`, or the code of the error that AWS answers with. */
  expected: string;
  outcome: string;
  message?: string;
  /** Every member that the answer had, as a path. */
  members?: string[];
  /** Where the answer is not as AWS's model has it. */
  violations?: string[];
  /** Whether AWS documents that error of that call. */
  documented?: boolean;
}

/** What two clouds answered differently, one line per call and difference. */
export function differences(ours: CallRecord[], theirs: CallRecord[]): string[] {
  const lines = ours.flatMap((one, at) => {
    const other = theirs[at];
    if (other?.call !== one.call) throw new Error(`call ${at} is ${one.call} here and ${other?.call} there`);
    return between(one, other).map((line) => `${one.call}: ${line}`);
  });
  return [...new Set(lines)];
}

function between(one: CallRecord, other: CallRecord): string[] {
  if (one.outcome !== other.outcome) return [`${one.outcome} here, ${other.outcome} there`];
  const here = outermost(one.members ?? [], other.members ?? []);
  const there = outermost(other.members ?? [], one.members ?? []);
  return [
    ...(here.length > 0 ? [`${here.join(', ')} only here`] : []),
    ...(there.length > 0 ? [`${there.join(', ')} only there`] : []),
  ];
}

/** The members that only the first has, without those that lie within them. */
function outermost(members: string[], others: string[]): string[] {
  const only = members.filter((member) => !others.includes(member));
  return only.filter(
    (member) => !only.some((outer) => member.startsWith(`${outer}.`) || member.startsWith(`${outer}[`)),
  );
}
