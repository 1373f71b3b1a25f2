import type { Call } from '../../../kernel/service.js';
import { findChangeSet } from '../change-sets/find.js';
import { validationError } from '../errors.js';
import { type QueryInput, requiredText, text } from '../input.js';
import type { Configuration } from '../state/records.js';
import type { State } from '../state/state.js';
import { neededCapabilities } from '../template/capabilities.js';
import type { Template } from '../template/model.js';
import { readTemplate } from '../template/structure.js';
import { validateTemplate } from '../template/validate.js';
import { submittedTemplate } from './submitted-template.js';

/** GetTemplate: the text as it was submitted. */
export function getTemplate(state: State, input: QueryInput, call: Call): object {
  return {
    TemplateBody: state.templateText(configurationOf(state, input, call)),
    StagesAvailable: ['Original', 'Processed'],
  };
}

function configurationOf(state: State, input: QueryInput, call: Call): Configuration {
  if (text(input, 'ChangeSetName') !== undefined) return findChangeSet(state, input, call).configuration;
  const stack = state.stack(call.region, requiredText(input, 'StackName'));
  if (stack.status === 'REVIEW_IN_PROGRESS')
    throw validationError('GetTemplate cannot be called on REVIEW_IN_PROGRESS stacks.');
  return stack.configuration;
}

/** ValidateTemplate. */
export async function validate(state: State, input: QueryInput, call: Call): Promise<object> {
  const template = readTemplate(await submittedTemplate(state, input, call, undefined));
  validateTemplate(state.cloud, template);
  const { needed, reason } = neededCapabilities(template);
  return {
    Parameters: Object.entries(template.parameters).map(([key, declaration]) => ({
      ParameterKey: key,
      DefaultValue: declaration.default,
      NoEcho: declaration.noEcho,
      Description: declaration.description,
    })),
    Description: template.description,
    Capabilities: needed,
    CapabilitiesReason: reason,
  };
}

/** GetTemplateSummary: of a template or of a stack. */
export async function getTemplateSummary(state: State, input: QueryInput, call: Call): Promise<object> {
  const name = text(input, 'StackName');
  if (name === undefined)
    return summary(readTemplate(await submittedTemplate(state, input, call, undefined)));
  const stack = state.stack(call.region, name);
  if (stack.status === 'REVIEW_IN_PROGRESS')
    throw validationError('GetTemplateSummary cannot be called on REVIEW_IN_PROGRESS stacks.');
  return summary(state.template(stack.configuration));
}

function summary(template: Template): object {
  const { needed, reason } = neededCapabilities(template);
  return {
    Parameters: Object.entries(template.parameters).map(([key, declaration]) => ({
      ParameterKey: key,
      DefaultValue: declaration.default,
      ParameterType: declaration.type,
      NoEcho: declaration.noEcho,
      Description: declaration.description,
      ParameterConstraints: { AllowedValues: declaration.allowedValues },
    })),
    Description: template.description,
    Capabilities: needed,
    CapabilitiesReason: reason,
    ResourceTypes: [...new Set(Object.values(template.resources).map(({ type }) => type))],
    Version: template.version,
    Metadata: template.metadata && JSON.stringify(template.metadata),
    DeclaredTransforms: template.transforms,
  };
}
