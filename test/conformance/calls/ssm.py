"""SSM Parameter Store."""

NAME = "/conformance/secret"


def run(aws):
    tags = [{"Key": "stage", "Value": "dev"}]
    aws.call("ssm", "PutParameter", Name=NAME, Value="one", Type="SecureString", Description="a secret", Tags=tags)
    aws.call("ssm", "PutParameter", Name=NAME, Value="two", Overwrite=True)
    aws.call("ssm", "PutParameter", Name="/conformance/plain", Value="a,b", Type="StringList")
    aws.call("ssm", "GetParameter", Name=NAME, WithDecryption=True)
    aws.call("ssm", "GetParameter", Name=f"{NAME}:1", WithDecryption=True)
    aws.call("ssm", "GetParameters", Names=[NAME, "/conformance/none"])
    aws.call("ssm", "GetParametersByPath", Path="/conformance", Recursive=True, MaxResults=1)
    filters = [{"Key": "Name", "Option": "BeginsWith", "Values": ["/conformance"]}]
    aws.call("ssm", "DescribeParameters", ParameterFilters=filters)
    aws.call("ssm", "LabelParameterVersion", Name=NAME, ParameterVersion=1, Labels=["current"])
    aws.call("ssm", "GetParameterHistory", Name=NAME, WithDecryption=True)
    aws.call("ssm", "UnlabelParameterVersion", Name=NAME, ParameterVersion=1, Labels=["current"])
    aws.call("ssm", "AddTagsToResource", ResourceType="Parameter", ResourceId=NAME, Tags=tags)
    aws.call("ssm", "ListTagsForResource", ResourceType="Parameter", ResourceId=NAME)
    aws.call("ssm", "RemoveTagsFromResource", ResourceType="Parameter", ResourceId=NAME, TagKeys=["stage"])
    aws.refused("ParameterNotFound", "ssm", "GetParameter", Name="/conformance/none")
    aws.refused("ParameterAlreadyExists", "ssm", "PutParameter", Name=NAME, Value="x", Type="SecureString")
    aws.refused(
        "HierarchyTypeMismatchException", "ssm", "PutParameter", Name=NAME, Value="x", Type="String", Overwrite=True
    )
    aws.refused(
        "ValidationException", "ssm", "PutParameter", Name=NAME, Value="x", Overwrite=True, Tags=tags
    )
    aws.refused("ValidationException", "ssm", "PutParameter", Name="/conformance/long", Value="x" * 5000, Type="String", Tier="Standard")
    aws.call("ssm", "DeleteParameter", Name=NAME)
    aws.call("ssm", "DeleteParameters", Names=["/conformance/plain", NAME])
