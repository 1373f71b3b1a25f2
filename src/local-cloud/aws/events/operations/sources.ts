import type { Operation } from '../../../kernel/service.js';
import { checkText, invalidState, notFound } from '../errors.js';
import { sourceArn } from '../names.js';
import type { PartnerSources } from '../partner-sources.js';
import type { SourceRecord } from '../records.js';
import { page } from './paging.js';

interface NameInput {
  Name?: string;
}

const NAME = /^aws\.partner(\/[.\-_A-Za-z0-9]+){2,}$/;

/** Partner event sources as the account that receives from them sees them. */
export function sourceOperations(sources: PartnerSources): Record<string, Operation> {
  const one = (input: NameInput, region: string): SourceRecord => {
    const name = checkText(input.Name, 'name', NAME, 256);
    const source = sources.find(region, name);
    if (!source) throw notFound(`Event source ${name} does not exist.`);
    return source;
  };
  const present = (source: SourceRecord) => {
    const state = sources.state(source);
    return {
      Arn: source.arn,
      CreatedBy: source.name.split('/')[1],
      CreationTime: new Date(source.createdAt),
      ...(state === 'PENDING' ? { ExpirationTime: new Date(source.expiresAt) } : {}),
      Name: source.name,
      State: state,
    };
  };
  const resource = (input: NameInput, call: { region: string }) =>
    sourceArn(call.region, String(input.Name ?? '*'));
  const setDeactivated = (deactivated: boolean): Operation => ({
    resource,
    handle: (input: NameInput, call) => {
      const source = one(input, call.region);
      if (sources.state(source) === 'DELETED')
        throw invalidState(`Event source ${source.name} is in DELETED state.`);
      if (source.deactivated !== deactivated) sources.setDeactivated(source, deactivated);
      return {};
    },
  });
  return {
    ListEventSources: {
      handle: (input: { NamePrefix?: string; Limit?: number; NextToken?: string }, call) => {
        if (input.NamePrefix !== undefined)
          checkText(input.NamePrefix, 'namePrefix', /^[/.\-_A-Za-z0-9]+$/, 256);
        const found = sources
          .visible(call.region)
          .filter(({ name }) => name.startsWith(input.NamePrefix ?? ''));
        const { items, NextToken } = page(found, ({ name }) => name, input);
        return { EventSources: items.map(present), NextToken };
      },
    },
    DescribeEventSource: { resource, handle: (input: NameInput, call) => present(one(input, call.region)) },
    ActivateEventSource: setDeactivated(false),
    DeactivateEventSource: setDeactivated(true),
  };
}
