import { AwsError, type Call, type Operation } from '../../../kernel/service.js';
import { parameterNotFound } from '../errors.js';
import { currentVersion, type Parameter, type Parameters, parameterArn, type Version } from '../state.js';

interface LabelInput {
  Name: string;
  ParameterVersion?: number;
  Labels: string[];
}

const LABELS_PER_VERSION = 10;

export function labelOperations(parameters: Parameters): Record<string, Operation<LabelInput>> {
  const resource = (input: LabelInput, call: Call) =>
    parameterArn(call.region, call.account, String(input.Name));
  return {
    LabelParameterVersion: {
      resource,
      handle(input, call) {
        const { parameter, version } = find(parameters, input, call);
        const labels = input.Labels ?? [];
        const valid = labels.filter(isLabel);
        const together = new Set([...version.labels, ...valid]);
        if (together.size > LABELS_PER_VERSION)
          throw new AwsError(
            'ParameterVersionLabelLimitExceeded',
            'A parameter version can have maximum 10 labels. Move one or more labels to another version and try again.',
          );
        // A label stands on one version only: labelling moves it.
        const versions = parameter.versions.map((one) => {
          const kept = one.labels.filter((label) => !valid.includes(label));
          return { ...one, labels: one.number === version.number ? [...together] : kept };
        });
        parameters.save({ ...parameter, versions });
        return { InvalidLabels: labels.filter((label) => !isLabel(label)), ParameterVersion: version.number };
      },
    },
    UnlabelParameterVersion: {
      resource,
      handle(input, call) {
        const { parameter, version } = find(parameters, input, call);
        const removed = version.labels.filter((label) => input.Labels.includes(label));
        const versions = parameter.versions.map((one) =>
          one.number === version.number
            ? { ...one, labels: one.labels.filter((label) => !removed.includes(label)) }
            : one,
        );
        parameters.save({ ...parameter, versions });
        const unknown = input.Labels.filter((label) => !removed.includes(label));
        return { RemovedLabels: removed, InvalidLabels: unknown };
      },
    },
  };
}

function find(
  parameters: Parameters,
  input: LabelInput,
  call: Call,
): { parameter: Parameter; version: Version } {
  const parameter = parameters.find(call.region, input.Name);
  if (!parameter) throw parameterNotFound();
  const wanted = input.ParameterVersion ?? currentVersion(parameter).number;
  const version = parameter.versions.find(({ number }) => number === wanted);
  if (version) return { parameter, version };
  throw new AwsError(
    'ParameterVersionNotFound',
    `Systems Manager could not find version ${wanted} of ${input.Name}. Verify the version and try again.`,
  );
}

function isLabel(label: string): boolean {
  return /^[A-Za-z_.-][\w.-]{0,99}$/.test(label) && !/^(aws|ssm)/i.test(label);
}
