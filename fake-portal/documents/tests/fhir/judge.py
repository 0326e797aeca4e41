"""Judges FHIR documents: python judge.py FILE...

The models of fhir.resources (R4B) know which elements there are, their types and how often each may be.
What a model of single resources cannot see is asked here: a document begins with its Composition, every
reference leads somewhere, identifiers are used once, and the narrative is XHTML.
"""

import json
import sys
import xml.etree.ElementTree

from fhir.resources.R4B.bundle import Bundle


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
