"""CloudFormation."""

import json

STACK = {"StackName": "conformance"}


def template(retention=7, **more):
    resources = {
        "Group": {
            "Type": "AWS::Logs::LogGroup",
            "Properties": {"LogGroupName": "/conformance/stack", "RetentionInDays": retention},
        },
        "Topic": {
            "Type": "AWS::SNS::Topic",
            "Properties": {"TopicName": "conformance-stack", "DisplayName": {"Ref": "Stage"}},
        },
        **more,
    }
    return json.dumps(
        {
            "AWSTemplateFormatVersion": "2010-09-09",
            "Description": "a stack of the comparison",
            "Parameters": {"Stage": {"Type": "String", "Default": "dev", "Description": "which"}},
            "Resources": resources,
            "Outputs": {
                "Topic": {
                    "Value": {"Ref": "Topic"},
                    "Description": "where alarms go",
                    "Export": {"Name": "conformance-topic"},
                }
            },
        }
    )


def run(aws):
    aws.call("cloudformation", "ValidateTemplate", TemplateBody=template())
    aws.refused("ValidationError", "cloudformation", "ValidateTemplate", TemplateBody='{"Resources": 1}')
    aws.call("cloudformation", "GetTemplateSummary", TemplateBody=template())
    _created(aws)
    _reads(aws)
    _drift(aws)
    _updated(aws)
    _failing(aws)
    aws.call("cloudformation", "UpdateTerminationProtection", **STACK, EnableTerminationProtection=True)
    aws.refused("ValidationError", "cloudformation", "DeleteStack", **STACK)
    aws.call("cloudformation", "UpdateTerminationProtection", **STACK, EnableTerminationProtection=False)
    aws.call("cloudformation", "DeleteStack", **STACK)
    aws.until(_gone)
    aws.refused("ValidationError", "cloudformation", "DescribeStacks", **STACK)
    aws.call("cloudformation", "ListStacks", StackStatusFilter=["DELETE_COMPLETE"])


def _created(aws):
    change = {**STACK, "ChangeSetName": "first"}
    aws.call("cloudformation", "CreateChangeSet", **change, ChangeSetType="CREATE", TemplateBody=template())
    aws.until(lambda client: client("cloudformation").describe_change_set(**change)["Status"] == "CREATE_COMPLETE")
    aws.call("cloudformation", "DescribeChangeSet", **change)
    aws.call("cloudformation", "ListChangeSets", **STACK)
    aws.call("cloudformation", "ExecuteChangeSet", **change)
    aws.until(_rests)
    again = {**STACK, "ChangeSetName": "again"}
    aws.call("cloudformation", "CreateChangeSet", **again, ChangeSetType="UPDATE", TemplateBody=template(14))
    aws.until(lambda client: client("cloudformation").describe_change_set(**again)["Status"] == "CREATE_COMPLETE")
    aws.call("cloudformation", "DescribeChangeSet", **again, IncludePropertyValues=True)
    aws.call("cloudformation", "DeleteChangeSet", **again)
    aws.refused("ChangeSetNotFound", "cloudformation", "DescribeChangeSet", **again)


def _reads(aws):
    aws.call("cloudformation", "DescribeStacks", **STACK)
    aws.call("cloudformation", "DescribeStackEvents", **STACK)
    aws.call("cloudformation", "DescribeEvents", **STACK)
    aws.call("cloudformation", "DescribeStackResources", **STACK)
    aws.call("cloudformation", "DescribeStackResource", **STACK, LogicalResourceId="Topic")
    aws.call("cloudformation", "ListStackResources", **STACK)
    aws.call("cloudformation", "ListStacks")
    aws.call("cloudformation", "GetTemplate", **STACK)
    aws.call("cloudformation", "ListExports")
    # Stack policies are refused by name: the local cloud has none.
    aws.refused("ValidationError", "cloudformation", "SetStackPolicy", **STACK, StackPolicyBody="{}")
    aws.refused("ValidationError", "cloudformation", "ListImports", ExportName="conformance-topic")


def _drift(aws):
    found = aws.call("cloudformation", "DetectStackDrift", **STACK)
    detection = {"StackDriftDetectionId": found.get("StackDriftDetectionId")}
    aws.until(lambda client: _detected(client, detection))
    aws.call("cloudformation", "DescribeStackDriftDetectionStatus", **detection)
    aws.call("cloudformation", "DescribeStackResourceDrifts", **STACK)


def _detected(client, detection):
    status = client("cloudformation").describe_stack_drift_detection_status(**detection)["DetectionStatus"]
    return status != "DETECTION_IN_PROGRESS"


def _updated(aws):
    aws.call("cloudformation", "UpdateStack", **STACK, TemplateBody=template(30))
    aws.until(_rests)
    aws.refused("ValidationError", "cloudformation", "UpdateStack", **STACK, TemplateBody=template(30))
    aws.refused("ValidationError", "cloudformation", "CancelUpdateStack", **STACK)
    aws.refused("ValidationError", "cloudformation", "ContinueUpdateRollback", **STACK)


def _failing(aws):
    """A first creation that fails and stays as it is, and is then rolled back by hand."""
    wrong = {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": 9999}}}
    body = json.dumps({"Resources": wrong})
    failing = {"StackName": "conformance-failing"}
    aws.call("cloudformation", "CreateStack", **failing, TemplateBody=body, DisableRollback=True)
    aws.until(lambda client: _status(client, failing) == "CREATE_FAILED")
    aws.call("cloudformation", "RollbackStack", **failing)
    aws.until(lambda client: _status(client, failing) == "ROLLBACK_COMPLETE")
    aws.refused("ValidationError", "cloudformation", "UpdateStack", **failing, TemplateBody=template())
    aws.call("cloudformation", "DeleteStack", **failing)


def _status(client, stack):
    return client("cloudformation").describe_stacks(**stack)["Stacks"][0]["StackStatus"]


def _rests(client):
    return not _status(client, STACK).endswith("_IN_PROGRESS")


def _gone(client):
    return _status(client, STACK) == "DELETE_COMPLETE"
