import { apigatewayService } from './aws/apigateway/index.js';
import { cloudformationService } from './aws/cloudformation/index.js';
import { eventsService } from './aws/events/index.js';
import { iamService } from './aws/iam/index.js';
import { lambdaService } from './aws/lambda/index.js';
import { logsService } from './aws/logs/index.js';
import { monitoringService } from './aws/monitoring/index.js';
import { s3Service } from './aws/s3/index.js';
import { snsService } from './aws/sns/index.js';
import { sqsService } from './aws/sqs/index.js';
import { ssmService } from './aws/ssm/index.js';
import { stsService } from './aws/sts/index.js';
import type { ServiceFactory } from './kernel/service.js';

/** Every AWS service of the local cloud, in the order in which they start. */
export const AWS_SERVICES: ServiceFactory[] = [
  iamService,
  stsService,
  ssmService,
  s3Service,
  logsService,
  monitoringService,
  sqsService,
  snsService,
  apigatewayService,
  lambdaService,
  eventsService,
  cloudformationService,
];
