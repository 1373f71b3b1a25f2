import { newestRuntime, RUNTIME_ENDS } from '../../../core/lambda-runtimes.js';
import { requirement } from '../../../requirements/requirement.js';
import type { LambdaFunction } from '../../model/functions.js';
import { stripePath } from '../../model/stripe-path.js';
import type { AuditRule } from '../../rule.js';
import { byPlace, named } from '../by-place.js';

export const runtime: AuditRule = {
  ...requirement('function.runtime'),
  *judge(template) {
    const runtimes = (one: LambdaFunction) =>
      one.at('Runtime').flatMap(({ node }) => (node ? [{ node }] : []));
    for (const { part, functions } of byPlace(stripePath(template).functions, runtimes)) {
      const { node } = part;
      const name = template.plainText(node) ?? '';
      const end = RUNTIME_ENDS[name];
      if (!end || end.deprecated > template.today) continue;
      const newest = newestRuntime(name) ?? 'a newer one';
      yield {
        at: node,
        summary: `${named(functions)} ${functions.length === 1 ? 'runs' : 'run'} on ${name}, which AWS stopped patching on ${end.deprecated}.`,
        expected: newest,
        actual: `${name} (no update after ${end.updateBlocked})`,
        advice: `Move to ${newest}, and test: a newer runtime can behave differently.`,
      };
    }
  },
};
