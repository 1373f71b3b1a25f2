"""STS: who am I, and the keys of a role."""

import json

from calls.documents import TRUST


def run(aws):
    aws.call("sts", "GetCallerIdentity")
    role = aws.call("iam", "CreateRole", RoleName="assumed", AssumeRolePolicyDocument=json.dumps(TRUST))
    arn = role.get("Role", {}).get("Arn")
    aws.call("sts", "AssumeRole", RoleArn=arn, RoleSessionName="conformance")
    aws.refused(
        "AccessDenied", "sts", "AssumeRole", RoleArn=arn and f"{arn}-none", RoleSessionName="conformance"
    )
