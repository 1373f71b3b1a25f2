import fs from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

const directory = new URL('../../../schemas/', import.meta.url);

/** What is wrong with a report, by the schema that it names itself; empty when nothing is. */
export function schemaErrors(report: { schema: string }): string[] {
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  for (const name of fs.readdirSync(directory)) {
    if (name !== 'config.schema.json')
      ajv.addSchema(JSON.parse(fs.readFileSync(new URL(name, directory), 'utf8')));
  }
  const validate = ajv.getSchema(report.schema);
  if (!validate) return [`there is no schema ${report.schema}`];
  validate(report);
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}
