"""CloudWatch."""

from datetime import datetime, timedelta, timezone

from calls.documents import ACCOUNT

ARN = f"arn:aws:cloudwatch:eu-west-1:{ACCOUNT}:alarm:conformance"
DIMENSIONS = [{"Name": "Shop", "Value": "one"}]
PAID = {"Namespace": "Shop", "MetricName": "Paid", "Dimensions": DIMENSIONS}


def run(aws):
    now = datetime.now(timezone.utc)
    window = {"StartTime": now - timedelta(hours=1), "EndTime": now + timedelta(hours=1)}
    datum = {"MetricName": "Paid", "Dimensions": DIMENSIONS, "Value": 2.0, "Unit": "Count"}
    aws.call("cloudwatch", "PutMetricData", Namespace="Shop", MetricData=[datum])
    aws.call("cloudwatch", "ListMetrics", Namespace="Shop")
    aws.call(
        "cloudwatch",
        "GetMetricStatistics",
        **PAID,
        **window,
        Period=60,
        Statistics=["Sum", "Average", "Minimum", "Maximum", "SampleCount"],
    )
    query = {"Id": "paid", "MetricStat": {"Metric": PAID, "Period": 60, "Stat": "Sum"}}
    aws.call("cloudwatch", "GetMetricData", MetricDataQueries=[query], **window)
    aws.call(
        "cloudwatch",
        "PutMetricAlarm",
        AlarmName="conformance",
        AlarmDescription="nobody pays",
        **PAID,
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="LessThanThreshold",
        TreatMissingData="notBreaching",
        Tags=[{"Key": "stage", "Value": "dev"}],
    )
    aws.call("cloudwatch", "DescribeAlarms", AlarmNames=["conformance"])
    aws.call("cloudwatch", "DescribeAlarmsForMetric", **PAID)
    aws.call("cloudwatch", "DisableAlarmActions", AlarmNames=["conformance"])
    aws.call("cloudwatch", "EnableAlarmActions", AlarmNames=["conformance"])
    aws.call("cloudwatch", "SetAlarmState", AlarmName="conformance", StateValue="ALARM", StateReason="a test")
    aws.call("cloudwatch", "DescribeAlarmHistory", AlarmName="conformance")
    aws.call("cloudwatch", "TagResource", ResourceARN=ARN, Tags=[{"Key": "owner", "Value": "shop"}])
    aws.call("cloudwatch", "ListTagsForResource", ResourceARN=ARN)
    aws.call("cloudwatch", "UntagResource", ResourceARN=ARN, TagKeys=["owner"])
    aws.refused(
        "ResourceNotFound", "cloudwatch", "SetAlarmState", AlarmName="none", StateValue="OK", StateReason="a test"
    )
    aws.call("cloudwatch", "DeleteAlarms", AlarmNames=["conformance"])
