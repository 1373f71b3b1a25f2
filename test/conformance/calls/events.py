"""EventBridge. The partner source is there when the script begins: Stripe, or whoever plays it, made it."""

import json
import os
from datetime import datetime, timedelta, timezone

from calls.documents import ACCOUNT

SOURCE = os.environ.get("CONFORMANCE_SOURCE", "aws.partner/stripe.com/ed_test_conformance")
QUEUE = f"arn:aws:sqs:eu-west-1:{ACCOUNT}:conformance-events"
BUS = "conformance"
BUS_ARN = f"arn:aws:events:eu-west-1:{ACCOUNT}:event-bus/{BUS}"
PATTERN = json.dumps({"source": ["shop"]})


def run(aws):
    aws.client("sqs").create_queue(QueueName="conformance-events")
    _sources(aws)
    _buses(aws)
    _rules(aws)
    _events(aws)
    _archives(aws)
    aws.call("events", "DeleteEventBus", Name=BUS)


def _sources(aws):
    aws.call("events", "ListEventSources", NamePrefix="aws.partner/stripe.com")
    aws.call("events", "DescribeEventSource", Name=SOURCE)
    aws.refused("ResourceNotFoundException", "events", "DescribeEventSource", Name=f"{SOURCE}none")
    aws.refused("ValidationException", "events", "CreateEventBus", Name="pretty", EventSourceName=SOURCE)
    aws.call("events", "CreateEventBus", Name=SOURCE, EventSourceName=SOURCE)
    aws.call("events", "DescribeEventBus", Name=SOURCE)
    aws.call("events", "DeactivateEventSource", Name=SOURCE)
    aws.call("events", "ActivateEventSource", Name=SOURCE)
    aws.call("events", "PutRule", Name="paid", EventBusName=SOURCE, EventPattern=json.dumps({"source": [SOURCE]}))
    aws.call("events", "DescribeRule", Name="paid", EventBusName=SOURCE)
    aws.call("events", "DeleteRule", Name="paid", EventBusName=SOURCE)
    entry = {"Source": "shop", "DetailType": "Paid", "Detail": "{}", "EventBusName": SOURCE}
    aws.refused("ValidationException", "events", "PutEvents", Entries=[entry])
    aws.call("events", "DeleteEventBus", Name=SOURCE)
    for operation, given in {
        "ListPartnerEventSources": {"NamePrefix": "aws.partner/stripe.com"},
        "DescribePartnerEventSource": {"Name": SOURCE},
        "ListPartnerEventSourceAccounts": {"EventSourceName": SOURCE},
        "CreatePartnerEventSource": {"Name": f"{SOURCE}own", "Account": ACCOUNT},
        "DeletePartnerEventSource": {"Name": f"{SOURCE}own", "Account": ACCOUNT},
        "PutPartnerEvents": {"Entries": [{"Source": SOURCE, "DetailType": "Paid", "Detail": "{}"}]},
    }.items():
        aws.refused("OperationDisabledException", "events", operation, **given)


def _buses(aws):
    aws.call("events", "CreateEventBus", Name=BUS, Tags=[{"Key": "stage", "Value": "dev"}])
    aws.refused("ResourceAlreadyExistsException", "events", "CreateEventBus", Name=BUS)
    aws.call("events", "UpdateEventBus", Name=BUS, Description="of the comparison")
    aws.call("events", "DescribeEventBus", Name=BUS)
    aws.call("events", "ListEventBuses", NamePrefix=BUS)
    grant = {"StatementId": "other", "Principal": "111122223333", "Action": "events:PutEvents"}
    aws.call("events", "PutPermission", EventBusName=BUS, **grant)
    aws.call("events", "DescribeEventBus", Name=BUS)
    aws.call("events", "RemovePermission", EventBusName=BUS, StatementId="other")
    aws.call("events", "TagResource", ResourceARN=BUS_ARN, Tags=[{"Key": "owner", "Value": "shop"}])
    aws.call("events", "ListTagsForResource", ResourceARN=BUS_ARN)
    aws.call("events", "UntagResource", ResourceARN=BUS_ARN, TagKeys=["owner"])


def _rules(aws):
    rule = {"Name": "paid", "EventBusName": BUS}
    aws.call("events", "PutRule", **rule, EventPattern=PATTERN, Description="paid orders")
    aws.refused("InvalidEventPatternException", "events", "PutRule", **rule, EventPattern="{")
    aws.call("events", "DescribeRule", **rule)
    aws.call("events", "ListRules", EventBusName=BUS)
    aws.call("events", "DisableRule", **rule)
    aws.call("events", "EnableRule", **rule)
    target = {
        "Id": "queue",
        "Arn": QUEUE,
        "RetryPolicy": {"MaximumRetryAttempts": 3, "MaximumEventAgeInSeconds": 3600},
        "DeadLetterConfig": {"Arn": QUEUE},
    }
    aws.call("events", "PutTargets", Rule="paid", EventBusName=BUS, Targets=[target])
    aws.call("events", "ListTargetsByRule", Rule="paid", EventBusName=BUS)
    aws.call("events", "ListRuleNamesByTarget", TargetArn=QUEUE, EventBusName=BUS)
    aws.refused("ValidationException", "events", "DeleteRule", **rule)
    aws.refused("ResourceNotFoundException", "events", "DescribeRule", Name="none", EventBusName=BUS)


def _events(aws):
    entry = {"Source": "shop", "DetailType": "Paid", "Detail": '{"order": 42}', "EventBusName": BUS}
    aws.call("events", "PutEvents", Entries=[entry])
    # Answers 200, and has refused the entry.
    aws.call("events", "PutEvents", Entries=[{**entry, "Source": "aws.shop"}])
    event = {
        "id": "1",
        "account": ACCOUNT,
        "source": "shop",
        "time": "2026-11-25T09:00:00Z",
        "region": "eu-west-1",
        "resources": [],
        "detail-type": "Paid",
        "detail": {},
    }
    aws.call("events", "TestEventPattern", EventPattern=PATTERN, Event=json.dumps(event))
    aws.call("events", "RemoveTargets", Rule="paid", EventBusName=BUS, Ids=["queue"])
    aws.call("events", "DeleteRule", Name="paid", EventBusName=BUS)


def _archives(aws):
    made = aws.call("events", "CreateArchive", ArchiveName="kept", EventSourceArn=BUS_ARN, RetentionDays=7)
    aws.call("events", "DescribeArchive", ArchiveName="kept")
    aws.call("events", "UpdateArchive", ArchiveName="kept", Description="a week")
    aws.call("events", "ListArchives", NamePrefix="kept")
    now = datetime.now(timezone.utc)
    replay = {
        "EventSourceArn": made.get("ArchiveArn"),
        "EventStartTime": now - timedelta(hours=1),
        "EventEndTime": now,
        "Destination": {"Arn": BUS_ARN},
    }
    aws.call("events", "StartReplay", ReplayName="again", **replay)
    aws.until(lambda client: client("events").describe_replay(ReplayName="again")["State"] == "COMPLETED")
    aws.call("events", "DescribeReplay", ReplayName="again")
    aws.call("events", "ListReplays", NamePrefix="again")
    # What is over cannot be stopped.
    aws.refused("IllegalStatusException", "events", "CancelReplay", ReplayName="again")
    aws.refused("ResourceNotFoundException", "events", "DescribeReplay", ReplayName="none")
    aws.call("events", "DeleteArchive", ArchiveName="kept")
