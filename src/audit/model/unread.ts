import type { TemplateDocument } from '../document/document.js';
import { everythingIn, isMap, scalarText, valueAt } from '../document/node.js';

/** What stands for more than is written: loops of the language extensions, and text that is included from elsewhere. */
export function unreadIn({ root }: TemplateDocument): string[] {
  const found: string[] = [];
  for (const node of everythingIn(root)) {
    if (isMap(node))
      for (const entry of node.entries.values())
        if (/^Fn::ForEach::/.test(entry.key)) found.push(`the loop ${entry.key}`);
    if (node.kind === 'call' && node.name === 'Fn::Transform') {
      const location = scalarText(valueAt(node.argument, 'Parameters', 'Location'));
      found.push(
        location === undefined ? 'what Fn::Transform makes' : `what Fn::Transform includes, ${location}`,
      );
    }
  }
  return [...new Set(found)];
}
