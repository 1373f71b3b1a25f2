"""SNS."""

from calls.documents import ACCOUNT


def run(aws):
    topic = aws.call("sns", "CreateTopic", Name="conformance", Tags=[{"Key": "stage", "Value": "dev"}]).get("TopicArn")
    aws.call("sns", "ListTopics")
    aws.call("sns", "SetTopicAttributes", TopicArn=topic, AttributeName="DisplayName", AttributeValue="Alarms")
    aws.call("sns", "GetTopicAttributes", TopicArn=topic)
    aws.call("sns", "TagResource", ResourceArn=topic, Tags=[{"Key": "owner", "Value": "shop"}])
    aws.call("sns", "ListTagsForResource", ResourceArn=topic)
    aws.call("sns", "UntagResource", ResourceArn=topic, TagKeys=["owner"])
    aws.call("sns", "Subscribe", TopicArn=topic, Protocol="email", Endpoint="shop@example.com")
    queue = aws.client("sqs").create_queue(QueueName="conformance-topic")
    arn = aws.call(
        "sns",
        "Subscribe",
        TopicArn=topic,
        Protocol="sqs",
        Endpoint=queue and f"arn:aws:sqs:eu-west-1:{ACCOUNT}:conformance-topic",
        ReturnSubscriptionArn=True,
    ).get("SubscriptionArn")
    aws.call("sns", "ListSubscriptions")
    aws.call("sns", "ListSubscriptionsByTopic", TopicArn=topic)
    raw = {"AttributeName": "RawMessageDelivery", "AttributeValue": "true"}
    aws.call("sns", "SetSubscriptionAttributes", SubscriptionArn=arn, **raw)
    policy = {"AttributeName": "FilterPolicy", "AttributeValue": '{"kind": ["paid"]}'}
    aws.call("sns", "SetSubscriptionAttributes", SubscriptionArn=arn, **policy)
    aws.call("sns", "GetSubscriptionAttributes", SubscriptionArn=arn)
    kind = {"kind": {"DataType": "String", "StringValue": "paid"}}
    aws.call("sns", "Publish", TopicArn=topic, Message="paid", Subject="Order", MessageAttributes=kind)
    entries = [{"Id": str(n), "Message": f"paid {n}", "MessageAttributes": kind} for n in range(2)]
    aws.call("sns", "PublishBatch", TopicArn=topic, PublishBatchRequestEntries=entries)
    # A token that nobody was sent: the real one stands in a mail.
    aws.refused("InvalidParameter", "sns", "ConfirmSubscription", TopicArn=topic, Token="none")
    aws.refused("NotFound", "sns", "GetTopicAttributes", TopicArn=topic and f"{topic}-none")
    aws.call("sns", "Unsubscribe", SubscriptionArn=arn)
    aws.call("sns", "DeleteTopic", TopicArn=topic)
