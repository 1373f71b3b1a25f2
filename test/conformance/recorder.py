"""Makes calls with boto3 and writes down how each was answered."""

import os
import time

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

import shapes

REGION = "eu-west-1"
# Seconds to wait for what should happen; moto leaves much undone that AWS does later by itself.
PATIENCE = float(os.environ.get("CONFORMANCE_PATIENCE", "60"))


class Answer(dict):
    """An answer, or, where the call failed, nothing: what is asked of it is then None."""

    def __init__(self, members=None, error=None, message=""):
        super().__init__(members or {})
        self.error = error
        self.message = message

    def first(self, name):
        """The first of a list member, or an empty answer."""
        return next(iter(self.get(name) or []), {})


class Recorder:
    """One pass over the calls against one cloud. `records` is what is compared."""

    def __init__(self):
        self.records = []
        self._clients = {}
        self._wire = None

    def client(self, service):
        if service not in self._clients:
            config = Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=60)
            client = boto3.client(service, region_name=REGION, config=config)
            client.meta.events.register("before-parse", self._saw)
            self._clients[service] = client
        return self._clients[service]

    def call(self, service, operation, **given):
        """Makes a call that should succeed."""
        return self._make(service, operation, given, None)

    def refused(self, code, service, operation, **given):
        """Makes a call that AWS answers with this error code."""
        return self._make(service, operation, given, code)

    def until(self, look):
        """Looks, without recording, until it is so; `look` gets this recorder's plain clients. Gives up silently."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                if look(self.client):
                    return
            except (ClientError, BotoCoreError):
                return
            time.sleep(0.05)

    def _saw(self, response_dict=None, **_):
        self._wire = response_dict

    def _make(self, service, operation, given, expected):
        client = self.client(service)
        model = client.meta.service_model.operation_model(operation)
        record = {"call": f"{service}.{operation}", "expected": expected or "success"}
        self.records.append(record)
        self._wire = None
        if any(value is None for value in given.values()):
            record["outcome"] = "not possible: an earlier call failed"
            return Answer(error="skipped")
        try:
            answer = client._make_api_call(operation, given)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            message = error.response["Error"].get("Message", "")
            record.update(outcome=code, message=message, documented=shapes.documented(model, code))
            return Answer(error=code, message=message)
        except Exception as error:  # What another cloud answers may be anything, also no answer.
            record.update(outcome=f"no answer: {type(error).__name__}", message=str(error))
            return Answer(error="broken", message=str(error))
        answer.pop("ResponseMetadata", None)
        record.update(outcome="success", members=sorted(set(_paths(answer))), violations=self._violations(model))
        return Answer(answer)

    def _violations(self, model):
        wire = self._wire
        if wire is None or model.has_streaming_output:
            return []
        return shapes.violations(model, wire["headers"], wire["body"])


def _paths(value, path=""):
    """The members that an answer has, those of list elements taken together."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield f"{path}.{name}".lstrip(".")
            yield from _paths(one, f"{path}.{name}")
    elif isinstance(value, list):
        for one in value:
            yield from _paths(one, f"{path}[]")
