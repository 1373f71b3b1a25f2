"""S3, as far as artifacts need it."""

import json

BUCKET = "conformance-artifacts"


def run(aws):
    place = {"LocationConstraint": "eu-west-1"}
    aws.call("s3", "CreateBucket", Bucket=BUCKET, CreateBucketConfiguration=place)
    aws.refused("BucketAlreadyOwnedByYou", "s3", "CreateBucket", Bucket=BUCKET, CreateBucketConfiguration=place)
    aws.call("s3", "HeadBucket", Bucket=BUCKET)
    aws.call("s3", "ListBuckets")
    aws.call("s3", "GetBucketLocation", Bucket=BUCKET)
    _settings(aws)
    _objects(aws)
    aws.call("s3", "DeleteBucket", Bucket=BUCKET)
    aws.refused("NoSuchBucket", "s3", "ListObjectsV2", Bucket=BUCKET)


def _settings(aws):
    aws.call("s3", "PutBucketVersioning", Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    aws.call("s3", "GetBucketVersioning", Bucket=BUCKET)
    rules = [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
    aws.call(
        "s3", "PutBucketEncryption", Bucket=BUCKET, ServerSideEncryptionConfiguration={"Rules": rules}
    )
    aws.call("s3", "GetBucketEncryption", Bucket=BUCKET)
    aws.call("s3", "DeleteBucketEncryption", Bucket=BUCKET)
    block = dict.fromkeys(
        ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"], True
    )
    aws.call("s3", "PutPublicAccessBlock", Bucket=BUCKET, PublicAccessBlockConfiguration=block)
    aws.call("s3", "GetPublicAccessBlock", Bucket=BUCKET)
    aws.call("s3", "DeletePublicAccessBlock", Bucket=BUCKET)
    aws.call("s3", "PutBucketTagging", Bucket=BUCKET, Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
    aws.call("s3", "GetBucketTagging", Bucket=BUCKET)
    aws.call("s3", "DeleteBucketTagging", Bucket=BUCKET)
    aws.refused("NoSuchTagSet", "s3", "GetBucketTagging", Bucket=BUCKET)
    rule = {
        "ID": "old",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
    }
    aws.call("s3", "PutBucketLifecycleConfiguration", Bucket=BUCKET, LifecycleConfiguration={"Rules": [rule]})
    aws.call("s3", "GetBucketLifecycleConfiguration", Bucket=BUCKET)
    aws.call("s3", "DeleteBucketLifecycle", Bucket=BUCKET)
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": f"arn:aws:s3:::{BUCKET}/*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}, "StringEquals": {"aws:username": "nobody"}},
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    aws.call("s3", "PutBucketPolicy", Bucket=BUCKET, Policy=document)
    aws.call("s3", "GetBucketPolicy", Bucket=BUCKET)
    aws.call("s3", "DeleteBucketPolicy", Bucket=BUCKET)
    aws.refused("NoSuchBucketPolicy", "s3", "GetBucketPolicy", Bucket=BUCKET)


def _objects(aws):
    put = aws.call(
        "s3",
        "PutObject",
        Bucket=BUCKET,
        Key="a/code.zip",
        Body=b"first",
        ContentType="application/zip",
        Metadata={"made-by": "conformance"},
    )
    aws.call("s3", "PutObject", Bucket=BUCKET, Key="a/code.zip", Body=b"second")
    aws.call("s3", "GetObject", Bucket=BUCKET, Key="a/code.zip").get("Body")
    aws.call("s3", "GetObject", Bucket=BUCKET, Key="a/code.zip", VersionId=put.get("VersionId"))
    aws.call("s3", "HeadObject", Bucket=BUCKET, Key="a/code.zip")
    aws.call("s3", "ListObjectsV2", Bucket=BUCKET, Prefix="a/")
    aws.call("s3", "ListObjectsV2", Bucket=BUCKET, Delimiter="/")
    aws.refused("NoSuchKey", "s3", "GetObject", Bucket=BUCKET, Key="none")
    aws.refused("404", "s3", "HeadObject", Bucket=BUCKET, Key="none")
    aws.refused("BucketNotEmpty", "s3", "DeleteBucket", Bucket=BUCKET)
    _multipart(aws)
    aws.call("s3", "DeleteObject", Bucket=BUCKET, Key="a/code.zip")
    versions = aws.call("s3", "ListObjectVersions", Bucket=BUCKET)
    everything = [
        {"Key": one["Key"], "VersionId": one["VersionId"]}
        for one in versions.get("Versions", []) + versions.get("DeleteMarkers", [])
    ]
    aws.call("s3", "DeleteObjects", Bucket=BUCKET, Delete={"Objects": everything} if everything else None)


def _multipart(aws):
    target = {"Bucket": BUCKET, "Key": "a/large.zip"}
    upload = aws.call("s3", "CreateMultipartUpload", **target).get("UploadId") or "none"
    aws.call("s3", "ListMultipartUploads", Bucket=BUCKET)
    part = aws.call("s3", "UploadPart", **target, UploadId=upload, PartNumber=1, Body=b"part")
    aws.call("s3", "ListParts", **target, UploadId=upload)
    parts = [{"PartNumber": 1, "ETag": part.get("ETag")}]
    aws.call("s3", "CompleteMultipartUpload", **target, UploadId=upload, MultipartUpload={"Parts": parts})
    abandoned = aws.call("s3", "CreateMultipartUpload", **target).get("UploadId") or "none"
    aws.call("s3", "AbortMultipartUpload", **target, UploadId=abandoned)
    aws.refused("NoSuchUpload", "s3", "ListParts", **target, UploadId=abandoned)
    aws.call("s3", "DeleteObject", **target)
