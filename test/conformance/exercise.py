"""Makes every call that the local cloud claims, and prints as JSON how each was answered: python3 exercise.py [SERVICE…]

The cloud is the one that AWS_ENDPOINT_URL names. Nothing here is about one cloud: the same calls go to the local cloud
and to moto.
"""

import importlib
import json
import sys

from recorder import Recorder

SERVICES = [
    "sts",
    "iam",
    "ssm",
    "s3",
    "logs",
    "monitoring",
    "sqs",
    "sns",
    "functions",
    "events",
    "apigateway",
    "cloudformation",
]

recorder = Recorder()
for name in sys.argv[1:] or SERVICES:
    importlib.import_module(f"calls.{name}").run(recorder)
print(json.dumps(recorder.records))
