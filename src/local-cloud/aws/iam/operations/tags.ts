import type { Operation } from '../../../kernel/service.js';
import { findRole, type IamState, save, type Tag } from '../state.js';
import * as shared from './shared.js';

interface TagInput {
  RoleName: string;
  Tags: Tag[];
  TagKeys: string[];
  Marker?: string;
  MaxItems?: string;
}

export function tagOperations(state: IamState): Record<string, Operation<TagInput>> {
  const resource = (input: TagInput) => shared.identityArn(input, state);
  return {
    TagRole: {
      resource,
      handle(input, call) {
        const role = findRole(state, input.RoleName);
        save(state, { ...role, tags: shared.mergedTags(role.tags, shared.validTags(input.Tags, call)) });
      },
    },
    UntagRole: {
      resource,
      handle(input) {
        const role = findRole(state, input.RoleName);
        const gone = new Set(shared.list(input.TagKeys).map((key) => key.toLowerCase()));
        save(state, { ...role, tags: role.tags.filter(({ Key }) => !gone.has(Key.toLowerCase())) });
      },
    },
    ListRoleTags: {
      resource,
      handle(input) {
        const { items, rest } = shared.page(findRole(state, input.RoleName).tags, input);
        return { Tags: items, ...rest };
      },
    },
  };
}
