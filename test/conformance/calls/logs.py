"""CloudWatch Logs."""

import time

from calls.documents import ACCOUNT, resource_policy

GROUP = "/conformance/orders"
ARN = f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:{GROUP}"


def run(aws):
    aws.call("logs", "CreateLogGroup", logGroupName=GROUP, tags={"stage": "dev"})
    aws.refused("ResourceAlreadyExistsException", "logs", "CreateLogGroup", logGroupName=GROUP)
    aws.call("logs", "PutRetentionPolicy", logGroupName=GROUP, retentionInDays=14)
    aws.refused("InvalidParameterException", "logs", "PutRetentionPolicy", logGroupName=GROUP, retentionInDays=15)
    aws.call("logs", "DescribeLogGroups", logGroupNamePrefix="/conformance")
    aws.call("logs", "DeleteRetentionPolicy", logGroupName=GROUP)
    aws.call("logs", "TagResource", resourceArn=ARN, tags={"owner": "shop"})
    aws.call("logs", "ListTagsForResource", resourceArn=ARN)
    aws.call("logs", "UntagResource", resourceArn=ARN, tagKeys=["owner"])
    aws.call("logs", "ListTagsLogGroup", logGroupName=GROUP)
    _events(aws)
    transformation = {"metricName": "Paid", "metricNamespace": "Shop", "metricValue": "1"}
    aws.call(
        "logs",
        "PutMetricFilter",
        logGroupName=GROUP,
        filterName="paid",
        filterPattern="paid",
        metricTransformations=[transformation],
    )
    aws.call("logs", "DescribeMetricFilters", logGroupName=GROUP)
    aws.call("logs", "DeleteMetricFilter", logGroupName=GROUP, filterName="paid")
    document = resource_policy("events.amazonaws.com", ["logs:CreateLogStream", "logs:PutLogEvents"], f"{ARN}:*")
    aws.call("logs", "PutResourcePolicy", policyName="conformance", policyDocument=document)
    aws.call("logs", "DescribeResourcePolicies")
    aws.call("logs", "DeleteResourcePolicy", policyName="conformance")
    aws.call("logs", "DeleteLogStream", logGroupName=GROUP, logStreamName="one")
    aws.call("logs", "DeleteLogGroup", logGroupName=GROUP)
    aws.refused("ResourceNotFoundException", "logs", "DeleteLogGroup", logGroupName=GROUP)


def _events(aws):
    stream = {"logGroupName": GROUP, "logStreamName": "one"}
    aws.call("logs", "CreateLogStream", **stream)
    now = int(time.time() * 1000)
    lines = [{"timestamp": now + n, "message": f"order {n} paid"} for n in range(3)]
    aws.call("logs", "PutLogEvents", **stream, logEvents=lines)
    aws.call("logs", "DescribeLogStreams", logGroupName=GROUP)
    aws.call("logs", "GetLogEvents", **stream, startFromHead=True, limit=2)
    aws.call("logs", "FilterLogEvents", logGroupName=GROUP, filterPattern='"order 2"')
