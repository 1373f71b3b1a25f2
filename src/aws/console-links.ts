/** Links into the AWS console, for every kind of thing that cachao shows. */
export function consoleLinks(region: string) {
  const host = region.startsWith('cn-')
    ? 'console.amazonaws.cn'
    : region.startsWith('us-gov-')
      ? 'console.amazonaws-us-gov.com'
      : 'console.aws.amazon.com';
  const base = `https://${region}.${host}`;
  const at = (service: string, rest: string) => `${base}/${service}/home?region=${region}#${rest}`;
  const query = encodeURIComponent;
  return {
    eventSources: () => at('events', '/partners'),
    eventBus: (name: string) => at('events', `/eventbus/${query(name)}`),
    rule: (bus: string, name: string) => at('events', `/eventbus/${query(bus)}/rules/${query(name)}`),
    archive: (name: string) => at('events', `/archive/${query(name)}`),
    lambda: (name: string) => at('lambda', `/functions/${query(name)}`),
    queue: (url: string) => at('sqs/v3', `/queues/${query(url)}`),
    topic: (arn: string) => at('sns/v3', `/topic/${arn}`),
    alarm: (name: string) => at('cloudwatch', `alarmsV2:alarm/${query(name)}`),
    logGroup: (name: string) => at('cloudwatch', `logsV2:log-groups/log-group/${doubled(name)}`),
    stack: (arnOrName: string) => at('cloudformation', `/stacks/stackinfo?stackId=${query(arnOrName)}`),
    changeSet: (stack: string, changeSet: string) =>
      at(
        'cloudformation',
        `/stacks/changesets/changes?stackId=${query(stack)}&changeSetId=${query(changeSet)}`,
      ),
    parameter: (name: string) =>
      `${base}/systems-manager/parameters/${query(name.replace(/^\//, ''))}/description?region=${region}`,
    role: (name: string) => `https://${host}/iam/home#/roles/details/${query(name)}`,
    bucket: (name: string) => `${base}/s3/buckets/${query(name)}?region=${region}`,
    restApi: (id: string) => `${base}/apigateway/main/apis/${id}/resources?api=${id}&region=${region}`,
    apiStage: (id: string, stage: string) =>
      `${base}/apigateway/main/apis/${id}/stages?api=${id}&region=${region}&stage=${query(stage)}`,
    lambdaConcurrency: () => at('lambda', '/settings'),
    quotas: () => `${base}/servicequotas/home/services/lambda/quotas`,
  };
}

/** CloudWatch Logs encodes twice and writes `$` for `%`. */
function doubled(text: string): string {
  return encodeURIComponent(encodeURIComponent(text)).replaceAll('%', '$');
}
