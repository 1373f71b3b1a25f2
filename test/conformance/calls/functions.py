"""Lambda."""

import json

from calls.documents import ACCOUNT, TRUST, policy, zipped

NAME = {"FunctionName": "conformance"}
ARN = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:conformance"
SOURCE = "export const handler = async (event) => ({ got: event })"


def run(aws):
    iam = aws.client("iam")
    role = iam.create_role(RoleName="worker", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    iam.put_role_policy(RoleName="worker", PolicyName="own", PolicyDocument=policy(["sqs:*", "logs:*"]))
    aws.call(
        "lambda",
        "CreateFunction",
        **NAME,
        Role=role,
        Runtime="nodejs22.x",
        Handler="index.handler",
        Code={"ZipFile": zipped(SOURCE)},
        Environment={"Variables": {"STAGE": "dev"}},
        Description="echo",
        Timeout=10,
        Tags={"stage": "dev"},
    )
    aws.until(_ready)
    aws.refused(
        "ResourceConflictException",
        "lambda",
        "CreateFunction",
        **NAME,
        Role=role,
        Runtime="nodejs22.x",
        Handler="index.handler",
        Code={"ZipFile": zipped(SOURCE)},
    )
    aws.call("lambda", "GetFunction", **NAME)
    aws.call("lambda", "GetFunctionConfiguration", **NAME)
    aws.call("lambda", "ListFunctions")
    aws.call("lambda", "GetAccountSettings")
    aws.call("lambda", "UpdateFunctionConfiguration", **NAME, MemorySize=256)
    aws.until(_ready)
    aws.call("lambda", "UpdateFunctionCode", **NAME, ZipFile=zipped(SOURCE.replace("got", "received")))
    aws.until(_ready)
    _invocations(aws)
    _settings(aws)
    _mapping(aws)
    aws.call("lambda", "DeleteFunction", **NAME)
    aws.refused("ResourceNotFoundException", "lambda", "GetFunction", **NAME)
    iam.delete_role_policy(RoleName="worker", PolicyName="own")
    iam.delete_role(RoleName="worker")


def _ready(client):
    found = client("lambda").get_function_configuration(**NAME)
    return found.get("State") == "Active" and found.get("LastUpdateStatus") == "Successful"


def _invocations(aws):
    aws.call("lambda", "Invoke", **NAME, Payload=b'{"n":1}', LogType="Tail")
    aws.call("lambda", "Invoke", **NAME, InvocationType="Event", Payload=b"{}")
    aws.call("lambda", "Invoke", **NAME, InvocationType="DryRun")
    aws.refused("InvalidRequestContentException", "lambda", "Invoke", **NAME, Payload=b"no json")
    aws.refused("ResourceNotFoundException", "lambda", "Invoke", FunctionName="none", Payload=b"{}")


def _settings(aws):
    permission = {"StatementId": "rule", "Action": "lambda:InvokeFunction", "Principal": "events.amazonaws.com"}
    rule = f"arn:aws:events:eu-west-1:{ACCOUNT}:rule/paid"
    aws.call("lambda", "AddPermission", **NAME, **permission, SourceArn=rule)
    aws.refused("ResourceConflictException", "lambda", "AddPermission", **NAME, **permission)
    aws.call("lambda", "GetPolicy", **NAME)
    aws.call("lambda", "RemovePermission", **NAME, StatementId="rule")
    aws.refused("ResourceNotFoundException", "lambda", "GetPolicy", **NAME)
    aws.call("lambda", "PutFunctionConcurrency", **NAME, ReservedConcurrentExecutions=5)
    aws.call("lambda", "GetFunctionConcurrency", **NAME)
    aws.call("lambda", "DeleteFunctionConcurrency", **NAME)
    retries = {"MaximumRetryAttempts": 1, "MaximumEventAgeInSeconds": 3600}
    aws.call("lambda", "PutFunctionEventInvokeConfig", **NAME, **retries)
    aws.call("lambda", "UpdateFunctionEventInvokeConfig", **NAME, MaximumRetryAttempts=2)
    aws.call("lambda", "GetFunctionEventInvokeConfig", **NAME)
    aws.call("lambda", "ListFunctionEventInvokeConfigs", **NAME)
    aws.call("lambda", "DeleteFunctionEventInvokeConfig", **NAME)
    aws.call("lambda", "TagResource", Resource=ARN, Tags={"owner": "shop"})
    aws.call("lambda", "ListTags", Resource=ARN)
    aws.call("lambda", "UntagResource", Resource=ARN, TagKeys=["owner"])


def _mapping(aws):
    aws.client("sqs").create_queue(QueueName="conformance-work")
    queue = f"arn:aws:sqs:eu-west-1:{ACCOUNT}:conformance-work"
    made = aws.call("lambda", "CreateEventSourceMapping", **NAME, EventSourceArn=queue, BatchSize=5)
    uuid = made.get("UUID")
    aws.until(lambda client: client("lambda").get_event_source_mapping(UUID=uuid)["State"] == "Enabled")
    aws.call("lambda", "GetEventSourceMapping", UUID=uuid)
    aws.call("lambda", "ListEventSourceMappings", **NAME)
    aws.call("lambda", "UpdateEventSourceMapping", UUID=uuid, BatchSize=1)
    aws.until(lambda client: client("lambda").get_event_source_mapping(UUID=uuid)["State"] == "Enabled")
    aws.call("lambda", "DeleteEventSourceMapping", UUID=uuid)
