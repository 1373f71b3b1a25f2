"""IAM: roles, their policies, the operator, and what would be allowed."""

import json

from calls.documents import TRUST, policy

ROLE = {"RoleName": "conformance"}


def run(aws):
    tags = [{"Key": "stage", "Value": "dev"}]
    role = aws.call(
        "iam",
        "CreateRole",
        **ROLE,
        AssumeRolePolicyDocument=json.dumps(TRUST),
        Description="for the comparison",
        Tags=tags,
    )
    arn = role.get("Role", {}).get("Arn")
    aws.refused("EntityAlreadyExists", "iam", "CreateRole", **ROLE, AssumeRolePolicyDocument=json.dumps(TRUST))
    aws.refused(
        "MalformedPolicyDocument", "iam", "CreateRole", RoleName="malformed", AssumeRolePolicyDocument="{}"
    )
    aws.call("iam", "GetRole", **ROLE)
    aws.call("iam", "ListRoles")
    aws.call("iam", "UpdateRole", **ROLE, Description="changed", MaxSessionDuration=7200)
    aws.call("iam", "UpdateAssumeRolePolicy", **ROLE, PolicyDocument=json.dumps(TRUST))
    aws.call("iam", "TagRole", **ROLE, Tags=tags)
    aws.call("iam", "ListRoleTags", **ROLE)
    aws.call("iam", "UntagRole", **ROLE, TagKeys=["stage"])
    _inline(aws)
    _managed(aws)
    aws.call(
        "iam",
        "SimulatePrincipalPolicy",
        PolicySourceArn=arn,
        ActionNames=["sqs:SendMessage", "sqs:DeleteQueue"],
        ResourceArns=["arn:aws:sqs:eu-west-1:123456789012:orders"],
    )
    _users(aws)
    aws.call("iam", "DeleteRole", **ROLE)
    aws.refused("NoSuchEntity", "iam", "GetRole", **ROLE)


def _inline(aws):
    own = {**ROLE, "PolicyName": "own"}
    aws.call("iam", "PutRolePolicy", **own, PolicyDocument=policy("sqs:SendMessage"))
    aws.call("iam", "GetRolePolicy", **own)
    aws.call("iam", "ListRolePolicies", **ROLE)
    aws.refused("DeleteConflict", "iam", "DeleteRole", **ROLE)
    aws.call("iam", "DeleteRolePolicy", **own)
    aws.refused("NoSuchEntity", "iam", "GetRolePolicy", **own)


def _users(aws):
    """Whoever there is: the local cloud has its operator, and makes no users."""
    user = {"UserName": aws.call("iam", "ListUsers").first("Users").get("UserName")}
    aws.call("iam", "GetUser", **user)
    own = {**user, "PolicyName": "own"}
    aws.call("iam", "PutUserPolicy", **own, PolicyDocument=policy("*"))
    aws.call("iam", "GetUserPolicy", **own)
    aws.call("iam", "ListUserPolicies", **user)
    aws.call("iam", "DeleteUserPolicy", **own)
    arn = "arn:aws:iam::aws:policy/AdministratorAccess"
    aws.call("iam", "AttachUserPolicy", **user, PolicyArn=arn)
    aws.call("iam", "ListAttachedUserPolicies", **user)
    aws.call("iam", "DetachUserPolicy", **user, PolicyArn=arn)
    aws.call("iam", "PutUserPermissionsBoundary", **user, PermissionsBoundary=arn)
    aws.call("iam", "DeleteUserPermissionsBoundary", **user)


def _managed(aws):
    made = aws.call(
        "iam", "CreatePolicy", PolicyName="conformance", PolicyDocument=policy("sqs:SendMessage")
    )
    arn = made.get("Policy", {}).get("Arn")
    aws.call("iam", "GetPolicy", PolicyArn=arn)
    aws.call("iam", "ListPolicies", Scope="Local")
    aws.call("iam", "CreatePolicyVersion", PolicyArn=arn, PolicyDocument=policy("sqs:*"), SetAsDefault=True)
    aws.call("iam", "ListPolicyVersions", PolicyArn=arn)
    aws.call("iam", "GetPolicyVersion", PolicyArn=arn, VersionId="v1")
    aws.call("iam", "SetDefaultPolicyVersion", PolicyArn=arn, VersionId="v1")
    aws.call("iam", "DeletePolicyVersion", PolicyArn=arn, VersionId="v2")
    aws.call("iam", "AttachRolePolicy", **ROLE, PolicyArn=arn)
    aws.call("iam", "ListAttachedRolePolicies", **ROLE)
    aws.call("iam", "PutRolePermissionsBoundary", **ROLE, PermissionsBoundary=arn)
    aws.call("iam", "GetRole", **ROLE)
    aws.call("iam", "DeleteRolePermissionsBoundary", **ROLE)
    aws.call("iam", "DetachRolePolicy", **ROLE, PolicyArn=arn)
    aws.call("iam", "DeletePolicy", PolicyArn=arn)
    aws.refused("NoSuchEntity", "iam", "GetPolicy", PolicyArn=arn)
