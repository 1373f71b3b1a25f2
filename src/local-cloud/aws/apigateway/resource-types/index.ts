import type { ResourceType } from '../../../kernel/resource-type.js';
import { accountType } from './account.js';
import { deploymentType } from './deployment.js';
import { methodType } from './method.js';
import { resourceType } from './resource.js';
import { restApiType } from './rest-api.js';
import { stageType } from './stage.js';

/** CloudFormation's view of API Gateway. */
export const resourceTypes: Record<string, ResourceType> = {
  'AWS::ApiGateway::RestApi': restApiType,
  'AWS::ApiGateway::Resource': resourceType,
  'AWS::ApiGateway::Method': methodType,
  'AWS::ApiGateway::Deployment': deploymentType,
  'AWS::ApiGateway::Stage': stageType,
  'AWS::ApiGateway::Account': accountType,
};
