"""Compares what came over the wire with AWS's own description of each call, the service model that botocore carries."""

import base64
import binascii
import json
import re
import xml.etree.ElementTree as ElementTree
from datetime import datetime

# Where AWS is known to answer otherwise than it describes: part of a call's name, and of what is found wrong there.
DEPARTURES = [
    # The documentation's own examples show these two.
    ("lambda.Update", ".LastUpdateStatusReasonCode: 'Creating'"),
    ("cloudformation.Describe", ".ResourceStatus: 'REVIEW_IN_PROGRESS'"),
    # The user guide: "a data type that can only have a value of Policy".
    ("iam.Get", ".PermissionsBoundaryType: 'Policy'"),
    # Recorded from AWS: a batch without failures has no such member.
    ("sqs.", ".Failed: required"),
]

# Codes that the services' documentation has, and botocore's model does not.
DOCUMENTED_ELSEWHERE = {
    "s3": {"404", "BucketNotEmpty", "NoSuchBucketPolicy", "NoSuchTagSet", "NoSuchUpload"},
    # Codes of the query protocol, which clients still get; and a code common to all calls.
    "sqs": {
        "AWS.SimpleQueueService.NonExistentQueue",
        "AWS.SimpleQueueService.QueueDeletedRecently",
        "InvalidParameterValue",
    },
    "events": {"ValidationException"},
}

# Codes that any call may answer with, and that no model lists.
COMMON_ERRORS = {
    "AccessDenied",
    "AccessDeniedException",
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "ValidationError",
    "ValidationException",
}


def violations(operation, headers, body):
    """What is wrong with a successful answer's body: `path: what` each, nothing when all is as documented."""
    wrong = []
    shape = operation.output_shape
    if not any(name.lower() in ("x-amzn-requestid", "x-amz-request-id") for name in headers):
        wrong.append("headers: no request id")
    if shape is None:
        return wrong
    protocol = operation.service_model.metadata["protocol"]
    if "json" in operation.service_model.metadata.get("protocols", [protocol]):
        protocol = "json"
    if protocol in ("query", "rest-xml"):
        _check_xml_body(operation, shape, body, protocol, wrong)
    else:
        _check_json_body(shape, body, wrong)
    call = f"{operation.service_model.service_name}.{operation.name}"
    return [one for one in wrong if not any(part in call and text in one for part, text in DEPARTURES)]


def documented(operation, code):
    """Whether AWS documents this error of this call."""
    known = COMMON_ERRORS | DOCUMENTED_ELSEWHERE.get(operation.service_model.service_name, set())
    for error in operation.error_shapes:
        known.add(error.name)
        known.add(error.metadata.get("error", {}).get("code", error.name))
    return code in known


def _in_body(shape):
    """Members that travel in the body, by the name that they have there."""
    found = {}
    for name, member in shape.members.items():
        if member.serialization.get("location") in ("header", "headers", "statusCode"):
            continue
        found[member.serialization.get("name", name)] = member
    return found


def _check_json_body(shape, body, wrong):
    payload = shape.serialization.get("payload")
    if payload is not None:
        if shape.members[payload].type_name not in ("structure", "list", "map"):
            return
        shape = shape.members[payload]
    if not body:
        if _in_body(shape):
            wrong.append("body: empty")
        return
    _check_json(shape, json.loads(body), "", wrong)


def _check_json(shape, value, path, wrong):
    kind = shape.type_name
    if kind == "structure":
        if not isinstance(value, dict):
            wrong.append(f"{path}: not an object")
            return
        members = _in_body(shape)
        for name, one in value.items():
            if name not in members:
                wrong.append(f"{path}.{name}: not in the model")
            elif one is None:
                wrong.append(f"{path}.{name}: null")
            else:
                _check_json(members[name], one, f"{path}.{name}", wrong)
        for name in shape.required_members:
            if shape.members[name].serialization.get("name", name) not in value:
                wrong.append(f"{path}.{name}: required, but missing")
    elif kind == "list":
        if not isinstance(value, list):
            wrong.append(f"{path}: not a list")
            return
        for one in value:
            _check_json(shape.member, one, f"{path}[]", wrong)
    elif kind == "map":
        if not isinstance(value, dict):
            wrong.append(f"{path}: not a map")
            return
        for one in value.values():
            _check_json(shape.value, one, f"{path}{{}}", wrong)
    else:
        _check_json_scalar(shape, value, path, wrong)


def _check_json_scalar(shape, value, path, wrong):
    kind = shape.type_name
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    fits = {
        "string": isinstance(value, str),
        "character": isinstance(value, str),
        "boolean": isinstance(value, bool),
        "integer": isinstance(value, int) and not isinstance(value, bool),
        "long": isinstance(value, int) and not isinstance(value, bool),
        "float": number,
        "double": number,
        "blob": isinstance(value, str) and _is_base64(value),
        "timestamp": _is_timestamp(shape, value),
    }[kind]
    if not fits:
        wrong.append(f"{path}: {value!r} is no {kind}")
    elif kind in ("string", "integer", "long"):
        _check_constraints(shape, value, path, wrong)


def _is_timestamp(shape, value):
    if shape.serialization.get("timestampFormat") == "iso8601" or isinstance(value, str):
        return isinstance(value, str) and _is_iso(value)
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_iso(text):
    try:
        datetime.fromisoformat(text.replace("Z", "+00:00"))
        return True
    except ValueError:
        return False


def _is_base64(text):
    try:
        base64.b64decode(text, validate=True)
        return True
    except binascii.Error:
        return False


def _check_constraints(shape, value, path, wrong):
    metadata = shape.metadata
    if metadata.get("enum") and value not in metadata["enum"]:
        wrong.append(f"{path}: {value!r} is none of {metadata['enum']}")
    size = len(value) if isinstance(value, str) else value
    if "min" in metadata and size < metadata["min"]:
        wrong.append(f"{path}: {value!r} is below the minimum {metadata['min']}")
    if "max" in metadata and size > metadata["max"]:
        wrong.append(f"{path}: {value!r} is above the maximum {metadata['max']}")
    if "pattern" in metadata and isinstance(value, str):
        try:
            if not re.search(metadata["pattern"], value):
                wrong.append(f"{path}: {value!r} does not match {metadata['pattern']}")
        except re.error:
            pass  # A pattern of Java's that Python does not know.


def _check_xml_body(operation, shape, body, protocol, wrong):
    payload = shape.serialization.get("payload")
    if payload is not None:
        shape = shape.members[payload]
        if shape.type_name != "structure":
            return
    elif protocol == "rest-xml" and not _in_body(shape):
        return
    root = _without_namespaces(ElementTree.fromstring(body))
    if protocol == "query":
        if root.tag != f"{operation.name}Response":
            wrong.append(f"body: {root.tag} is not {operation.name}Response")
        if root.find("ResponseMetadata/RequestId") is None:
            wrong.append("body: no ResponseMetadata/RequestId")
        wrapper = shape.serialization.get("resultWrapper")
        root = root.find(wrapper) if wrapper else root
        if root is None:
            wrong.append(f"body: no {wrapper}")
            return
    _check_xml(shape, root, "", wrong)


def _without_namespaces(root):
    for element in root.iter():
        element.tag = element.tag.split("}")[-1]
    return root


def _check_xml(shape, element, path, wrong):
    kind = shape.type_name
    if kind == "structure":
        _check_xml_structure(shape, element, path, wrong)
    elif kind == "list":
        name = shape.member.serialization.get("name", "member")
        for child in element:
            if child.tag != name:
                wrong.append(f"{path}: {child.tag} instead of {name}")
            else:
                _check_xml(shape.member, child, f"{path}[]", wrong)
    elif kind == "map":
        _check_xml_map(shape, element, path, wrong)
    else:
        _check_xml_scalar(shape, element.text or "", path, wrong)


def _check_xml_structure(shape, element, path, wrong):
    members = {}
    for name, member in shape.members.items():
        if member.serialization.get("location") in ("header", "headers", "statusCode"):
            continue
        flat = member.serialization.get("flattened")
        wire = member.serialization.get("name", name)
        if flat and member.type_name == "list":
            wire = member.member.serialization.get("name", wire)
        members[wire] = (member, flat)
    seen = set()
    for child in element:
        if child.tag not in members:
            wrong.append(f"{path}.{child.tag}: not in the model")
            continue
        member, flat = members[child.tag]
        seen.add(child.tag)
        if flat and member.type_name == "list":
            _check_xml(member.member, child, f"{path}.{child.tag}[]", wrong)
        else:
            _check_xml(member, child, f"{path}.{child.tag}", wrong)
    for name in shape.required_members:
        member = shape.members[name]
        if member.serialization.get("name", name) not in seen and member.type_name not in ("list", "map"):
            wrong.append(f"{path}.{name}: required, but missing")


def _check_xml_map(shape, element, path, wrong):
    key = shape.key.serialization.get("name", "key")
    value = shape.value.serialization.get("name", "value")
    for entry in element:
        if entry.tag != "entry" or entry.find(key) is None or entry.find(value) is None:
            wrong.append(f"{path}: {entry.tag} is not an entry of {key} and {value}")
        else:
            _check_xml(shape.value, entry.find(value), f"{path}{{}}", wrong)


def _check_xml_scalar(shape, text, path, wrong):
    kind = shape.type_name
    fits = True
    if kind == "boolean":
        fits = text in ("true", "false")
    elif kind in ("integer", "long"):
        fits = re.fullmatch(r"-?\d+", text) is not None
    elif kind in ("float", "double"):
        fits = re.fullmatch(r"-?\d+(\.\d+)?([eE]-?\d+)?", text) is not None
    elif kind == "timestamp":
        fits = _is_iso(text)
    if not fits:
        wrong.append(f"{path}: {text!r} is no {kind}")
    elif kind == "string":
        _check_constraints(shape, text, path, wrong)
    elif kind in ("integer", "long"):
        _check_constraints(shape, int(text), path, wrong)
