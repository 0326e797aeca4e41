"""Judges CDA 2 documents: python judge.py FILE...

The models of malac-models-cda were made of the schema of CDA that Italy uses (CDA.xsd with its extensions).
They know which elements and attributes there are, in which order, of which type, and which codes the schema
lists; not which of them must be there. What they do not know, they pass over in silence: so they are asked to
write what they have read, and every element and attribute must come back in its place.

They write no text as XML wants it, and an attribute's default for the attribute. So the text is taken out
before, and classCode, which is always a default here, is not looked for.
"""

import importlib.util
import io
import pathlib
import sys

from lxml import etree

NAMESPACES = 'xmlns="urn:hl7-org:v3" xmlns:sdtc="urn:hl7-org:sdtc" ' + (
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)


def models():
    """The Italian ones alone: the package's own door loads four countries."""
    package = importlib.util.find_spec("malac").submodule_search_locations[0]
    file = pathlib.Path(package, "models/cda/it_ext.py")
    spec = importlib.util.spec_from_file_location("it_ext", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def without_text(document):
    for element in document.iter(etree.Element):
        element.text = element.tail = None
        if etree.QName(element).localname == "text":
            del element[:]
    return document


def outline(element, above=""):
    name = above + "/" + etree.QName(element).localname
    attributes = {
        (etree.QName(key).localname, value)
        for key, value in element.attrib.items()
        if key != "classCode"
    }
    yield name, attributes
    for child in element.iterchildren(tag=etree.Element):
        yield from outline(child, name)


def faults(model, path):
    document = without_text(etree.parse(path).getroot())
    heard = model.GdsCollector_()
    read = model.POCD_MT000040UV02_ClinicalDocument.factory()
    read.build(document, gds_collector_=heard)
    yield from heard.get_messages()
    written = io.StringIO()
    read.export(written, 0, name_="ClinicalDocument", namespacedef_=NAMESPACES)
    back = outline(etree.XML(written.getvalue()))
    for name, attributes in outline(document):
        # An interval's ends come back twice: what is more than was asked for is passed over.
        if not any(name == came and attributes <= with_ for came, with_ in back):
            yield f"{name} {sorted(attributes)} does not come back in its place"
            return


def main():
    found = 0
    model = models()
    for path in sys.argv[1:]:
        try:
            for fault in faults(model, path):
                found += 1
                print(f"{path}: {fault}")
        except Exception as error:
            found += 1
            print(f"{path}: {error!r}")
    if found:
        sys.exit(1)
    print(f"{len(sys.argv) - 1} documents without a fault")


main()
