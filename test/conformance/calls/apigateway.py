"""API Gateway."""

import json

from calls.documents import ACCOUNT

URI = (
    "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/"
    f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:hook/invocations"
)
SWAGGER = {"swagger": "2.0", "info": {"title": "imported", "version": "1.0"}, "paths": {}}


def run(aws):
    api = aws.call("apigateway", "CreateRestApi", name="conformance", description="webhooks", tags={"stage": "dev"})
    ids = {"restApiId": api.get("id")}
    aws.call("apigateway", "GetRestApi", **ids)
    aws.call("apigateway", "GetRestApis")
    aws.refused("NotFoundException", "apigateway", "GetBasePathMappings", domainName="pay.example.com")
    rename = [{"op": "replace", "path": "/name", "value": "renamed"}]
    aws.call("apigateway", "UpdateRestApi", **ids, patchOperations=rename)
    resource = _resource(aws, ids)
    _stages(aws, ids)
    aws.call("apigateway", "DeleteIntegration", **resource, httpMethod="POST")
    aws.call("apigateway", "DeleteMethod", **resource, httpMethod="POST")
    aws.call("apigateway", "DeleteResource", **resource)
    arn = ids["restApiId"] and f"arn:aws:apigateway:eu-west-1::/restapis/{ids['restApiId']}"
    aws.call("apigateway", "TagResource", resourceArn=arn, tags={"owner": "shop"})
    aws.call("apigateway", "GetTags", resourceArn=arn)
    aws.call("apigateway", "UntagResource", resourceArn=arn, tagKeys=["owner"])
    aws.call("apigateway", "PutRestApi", **ids, mode="overwrite", body=json.dumps(SWAGGER).encode())
    aws.call("apigateway", "DeleteRestApi", **ids)
    aws.refused("NotFoundException", "apigateway", "GetRestApi", **ids)
    imported = aws.call("apigateway", "ImportRestApi", body=json.dumps(SWAGGER).encode())
    aws.call("apigateway", "DeleteRestApi", restApiId=imported.get("id"))
    aws.call("apigateway", "GetAccount")
    threw = [{"op": "replace", "path": "/cloudwatchRoleArn", "value": f"arn:aws:iam::{ACCOUNT}:role/none"}]
    aws.refused("BadRequestException", "apigateway", "UpdateAccount", patchOperations=threw)
    aws.call("apigateway", "GetUsagePlans")


def _resource(aws, ids):
    root = aws.call("apigateway", "GetResources", **ids).first("items").get("id")
    made = aws.call("apigateway", "CreateResource", **ids, parentId=root, pathPart="hook")
    resource = {**ids, "resourceId": made.get("id")}
    aws.call("apigateway", "GetResource", **resource)
    method = {**resource, "httpMethod": "POST"}
    aws.call("apigateway", "PutMethod", **method, authorizationType="NONE")
    integration = {"type": "AWS_PROXY", "integrationHttpMethod": "POST", "uri": URI}
    aws.call("apigateway", "PutIntegration", **method, **integration)
    aws.call("apigateway", "GetIntegration", **method)
    aws.refused("BadRequestException", "apigateway", "PutIntegrationResponse", **method, statusCode="200")
    aws.call("apigateway", "GetMethod", **method)
    mock = {**resource, "httpMethod": "GET"}
    aws.call("apigateway", "PutMethod", **mock, authorizationType="NONE")
    aws.call("apigateway", "PutMethodResponse", **mock, statusCode="200")
    templates = {"application/json": '{"statusCode": 200}'}
    aws.call("apigateway", "PutIntegration", **mock, type="MOCK", requestTemplates=templates)
    aws.call("apigateway", "PutIntegrationResponse", **mock, statusCode="200", responseTemplates={"application/json": "{}"})
    aws.call("apigateway", "GetMethod", **mock)
    return resource


def _stages(aws, ids):
    made = aws.call("apigateway", "CreateDeployment", **ids, description="first")
    deployment = {**ids, "deploymentId": made.get("id")}
    aws.call("apigateway", "GetDeployment", **deployment)
    aws.call("apigateway", "GetDeployments", **ids)
    stage = {**ids, "stageName": "prod"}
    aws.call("apigateway", "CreateStage", **stage, deploymentId=deployment["deploymentId"])
    aws.call("apigateway", "GetStage", **stage)
    throttle = [{"op": "replace", "path": "/*/*/throttling/rateLimit", "value": "25"}]
    aws.call("apigateway", "UpdateStage", **stage, patchOperations=throttle)
    aws.call("apigateway", "GetStages", **ids)
    aws.call("apigateway", "DeleteStage", **stage)
    aws.call("apigateway", "DeleteDeployment", **deployment)
