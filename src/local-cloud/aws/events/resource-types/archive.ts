import type { Properties, ResourceContext, ResourceType } from '../../../kernel/resource-type.js';
import { archiveArn } from '../names.js';
import { ignoreMissing } from './missing.js';

/** `AWS::Events::Archive`. Ref is the name. */
export const archiveType: ResourceType = {
  properties: [
    'ArchiveName',
    'SourceArn',
    'Description',
    'EventPattern',
    'RetentionDays',
    'KmsKeyIdentifier',
  ],
  required: ['SourceArn'],
  createOnly: ['ArchiveName', 'SourceArn'],

  async create(properties, context) {
    const name = (properties.ArchiveName as string | undefined) ?? context.generatedName(48);
    await context.call('events', 'CreateArchive', {
      ArchiveName: name,
      EventSourceArn: properties.SourceArn,
      ...settings(properties),
    });
    return made(name, context);
  },

  async update(name, next, _previous, context) {
    await context.call('events', 'UpdateArchive', {
      ArchiveName: name,
      RetentionDays: 0,
      Description: '',
      ...settings(next),
    });
    return made(name, context);
  },

  async delete(name, _properties, context) {
    await context.call('events', 'DeleteArchive', { ArchiveName: name }).catch(ignoreMissing);
  },

  async read(name, properties, context) {
    const archive = await context
      .call('events', 'DescribeArchive', { ArchiveName: name })
      .catch(ignoreMissing);
    if (!archive) return undefined;
    const live: Properties = {};
    for (const property of Object.keys(properties)) {
      if (property === 'SourceArn') live.SourceArn = archive.EventSourceArn;
      else if (property === 'EventPattern' && typeof properties.EventPattern === 'object')
        live.EventPattern = JSON.parse(archive.EventPattern ?? 'null');
      else live[property] = archive[property];
    }
    return live;
  },
};

function made(name: string, context: ResourceContext) {
  return { physicalId: name, attributes: { Arn: archiveArn(context.region, name), ArchiveName: name } };
}

function settings(properties: Properties): Properties {
  const { Description, EventPattern: pattern, RetentionDays: days, KmsKeyIdentifier } = properties;
  return {
    ...(Description === undefined ? {} : { Description }),
    ...(pattern === undefined
      ? {}
      : { EventPattern: typeof pattern === 'string' ? pattern : JSON.stringify(pattern) }),
    ...(days === undefined ? {} : { RetentionDays: Number(days) }),
    ...(KmsKeyIdentifier === undefined ? {} : { KmsKeyIdentifier }),
  };
}
