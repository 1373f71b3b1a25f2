/**
 * What a person who knows the subject expects of each template in test/fixtures/audit, by severity, rule and line: the
 * templates have the shapes of public ones (SAM, plain CloudFormation, CDK, the Serverless Framework, Amplify).
 */
export const EXPECTED: Record<string, string> = {
  'amplify.json': `
    warn function.concurrency 25, warn function.tracing 25, warn function.tags 25, fail alarm.function-errors 25,
    warn log.retention 25, fail function.runtime 83`,
  'cdk.json': `
    warn function.concurrency 37, warn function.tracing 37, warn function.tags 37, fail alarm.function-errors 37,
    warn log.retention 37, fail function.secrets 45, warn api.throttled 71, warn alarm.webhook 97`,
  'checkout-only.json': 'warn audit.no-path 2, fail function.runtime 7',
  'conditional.yaml': `
    warn function.concurrency 10, warn function.tracing 10, warn function.tags 10, fail alarm.function-errors 10,
    warn log.retention 10, warn alarm.webhook 27, warn api.throttled 27`,
  'globals.yaml': `
    fail function.runtime 15, fail secret.no-stripe-key 19, fail function.secrets 20, warn function.concurrency 34,
    warn function.tracing 34, warn function.tags 34, warn function.role 34, fail alarm.function-errors 34,
    warn log.retention 34, warn audit.fixed-name 37, warn alarm.webhook 40, warn api.throttled 57`,
  'own-bus.yaml': `
    warn function.concurrency 8, warn function.tracing 8, warn function.tags 8, fail alarm.function-errors 8,
    warn log.retention 8, warn eventbridge.retry 20, fail eventbridge.dlq 20, fail alarm.loss 20,
    warn function.concurrency 39, warn function.async 39, fail function.dlq 39, warn function.tracing 39,
    warn function.tags 39, fail alarm.function-errors 39, warn log.retention 39, warn function.role 68`,
  'partner.yaml': `
    warn eventbridge.rule-enabled 7, warn eventbridge.rule-description 7, warn eventbridge.retry 7,
    warn eventbridge.archive 7, fail alarm.loss 7, fail eventbridge.dlq 24, warn queue.retention 32,
    warn queue.encrypted 32, warn function.concurrency 34, warn function.async 34, warn function.tracing 34,
    warn function.tags 34, fail alarm.function-errors 34, warn log.retention 34, warn audit.fixed-name 37`,
  'queue.yaml': `
    warn alarm.webhook 13, warn api.throttled 29, fail function.dlq 50, warn function.concurrency 52,
    warn function.tracing 52, warn function.tags 52, fail alarm.function-errors 52, warn log.retention 52,
    fail function.runtime 55, warn function.role 71`,
  'relay.yaml': `
    warn function.tracing 16, warn function.tags 16, fail alarm.function-errors 16, warn log.retention 16,
    warn alarm.webhook 29, warn api.throttled 29, warn function.concurrency 38, warn function.async 38,
    fail function.dlq 38, warn function.tracing 38, warn function.tags 38, fail alarm.function-errors 38,
    warn log.retention 38, warn eventbridge.rule-enabled 47, warn eventbridge.rule-description 47,
    warn eventbridge.retry 47, fail eventbridge.dlq 47, fail alarm.loss 47`,
  'serverless.json': `
    warn log.retention 5, warn audit.log-group-collision 8, warn audit.fixed-name 8, warn function.concurrency 60,
    warn function.tracing 60, warn function.tags 60, fail alarm.function-errors 60, fail function.runtime 68,
    warn audit.fixed-name 69, fail secret.no-stripe-key 80, warn alarm.webhook 127, warn api.throttled 167`,
};
