"""SQS."""

import json

from calls.documents import ACCOUNT, resource_policy


def run(aws):
    dead = aws.call("sqs", "CreateQueue", QueueName="conformance-dead").get("QueueUrl")
    dead_arn = f"arn:aws:sqs:eu-west-1:{ACCOUNT}:conformance-dead"
    redrive = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": "3"})
    url = aws.call(
        "sqs",
        "CreateQueue",
        QueueName="conformance",
        Attributes={"VisibilityTimeout": "60", "RedrivePolicy": redrive},
        tags={"stage": "dev"},
    ).get("QueueUrl")
    arn = f"arn:aws:sqs:eu-west-1:{ACCOUNT}:conformance"
    aws.call("sqs", "GetQueueUrl", QueueName="conformance")
    aws.call("sqs", "ListQueues", QueueNamePrefix="conformance")
    document = resource_policy("events.amazonaws.com", "sqs:SendMessage", arn)
    aws.call("sqs", "SetQueueAttributes", QueueUrl=url, Attributes={"Policy": document})
    aws.call("sqs", "GetQueueAttributes", QueueUrl=url, AttributeNames=["All"])
    aws.call("sqs", "ListDeadLetterSourceQueues", QueueUrl=dead)
    aws.call("sqs", "TagQueue", QueueUrl=url, Tags={"owner": "shop"})
    aws.call("sqs", "ListQueueTags", QueueUrl=url)
    aws.call("sqs", "UntagQueue", QueueUrl=url, TagKeys=["owner"])
    aws.call("sqs", "AddPermission", QueueUrl=url, Label="pay", AWSAccountIds=[ACCOUNT], Actions=["SendMessage"])
    aws.call("sqs", "RemovePermission", QueueUrl=url, Label="pay")
    _messages(aws, url)
    aws.call("sqs", "SendMessage", QueueUrl=dead, MessageBody="dead")
    aws.call("sqs", "StartMessageMoveTask", SourceArn=dead_arn, DestinationArn=arn)
    aws.call("sqs", "ListMessageMoveTasks", SourceArn=dead_arn)
    aws.refused("InvalidParameterValue", "sqs", "CancelMessageMoveTask", TaskHandle="not-a-handle")
    _cancelled_task(aws, dead, dead_arn, arn)
    aws.call("sqs", "PurgeQueue", QueueUrl=url)
    aws.call("sqs", "DeleteQueue", QueueUrl=url)
    aws.refused("AWS.SimpleQueueService.NonExistentQueue", "sqs", "GetQueueUrl", QueueName="conformance")
    aws.refused("AWS.SimpleQueueService.QueueDeletedRecently", "sqs", "CreateQueue", QueueName="conformance")


def _messages(aws, url):
    attribute = {"kind": {"DataType": "String", "StringValue": "paid"}}
    aws.call("sqs", "SendMessage", QueueUrl=url, MessageBody="one", MessageAttributes=attribute)
    entries = [{"Id": str(n), "MessageBody": f"batch {n}"} for n in range(3)]
    aws.call("sqs", "SendMessageBatch", QueueUrl=url, Entries=entries)
    got = aws.call(
        "sqs",
        "ReceiveMessage",
        QueueUrl=url,
        MaxNumberOfMessages=10,
        WaitTimeSeconds=1,
        AttributeNames=["All"],
        MessageAttributeNames=["All"],
    )
    handles = [message["ReceiptHandle"] for message in got.get("Messages", [])]
    one = handles[0] if handles else None
    rest = [{"Id": str(n), "ReceiptHandle": handle} for n, handle in enumerate(handles[1:])] or None
    aws.call("sqs", "ChangeMessageVisibility", QueueUrl=url, ReceiptHandle=one, VisibilityTimeout=30)
    prolonged = rest and [{**entry, "VisibilityTimeout": 30} for entry in rest]
    aws.call("sqs", "ChangeMessageVisibilityBatch", QueueUrl=url, Entries=prolonged)
    aws.call("sqs", "DeleteMessage", QueueUrl=url, ReceiptHandle=one)
    bad = {"Id": "bad", "ReceiptHandle": "not-a-handle"}
    aws.call("sqs", "DeleteMessageBatch", QueueUrl=url, Entries=rest and [*rest, bad])
    aws.refused("ReceiptHandleIsInvalid", "sqs", "DeleteMessage", QueueUrl=url, ReceiptHandle="not-a-handle")


def _cancelled_task(aws, dead, dead_arn, arn):
    """A task that is still at work when it is cancelled: so many messages, one a second, even where time is hastened."""
    aws.until(lambda client: _idle(client, dead_arn))
    entries = [{"Id": str(n), "MessageBody": f"dead {n}"} for n in range(10)]
    for _ in range(80):
        aws.client("sqs").send_message_batch(QueueUrl=dead, Entries=entries)
    task = aws.call(
        "sqs", "StartMessageMoveTask", SourceArn=dead_arn, DestinationArn=arn, MaxNumberOfMessagesPerSecond=1
    )
    aws.call("sqs", "CancelMessageMoveTask", TaskHandle=task.get("TaskHandle"))


def _idle(client, arn):
    tasks = client("sqs").list_message_move_tasks(SourceArn=arn)["Results"]
    return all(task["Status"] not in ("RUNNING", "CANCELLING") for task in tasks)
