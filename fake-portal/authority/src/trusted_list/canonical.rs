//! Exclusive canonical XML without comments (W3C, <http://www.w3.org/2001/10/xml-exc-c14n#>): the octets
//! that a signature is about, however the document was written down.

use super::tree::{Attribute, Element, Node, XML_NAMESPACE};

/// The octets of an element, without the element `left_out` somewhere in it.
pub(super) fn canonical(element: &Element, left_out: Option<&Element>) -> Vec<u8> {
    let mut writer = Writer {
        left_out,
        rendered: Vec::new(),
        octets: String::new(),
    };
    writer.element(element);
    writer.octets.into_bytes()
}

struct Writer<'a> {
    left_out: Option<&'a Element>,
    /// The prefixes of the elements around, and their namespaces, as far as they were written.
    rendered: Vec<(&'a str, &'a str)>,
    octets: String,
}

impl<'a> Writer<'a> {
    /// The tree is not deep: its reader saw to that.
    fn element(&mut self, element: &'a Element) {
        let around = self.rendered.len();
        let name = name(&element.prefix, &element.name);
        self.octets.push('<');
        self.octets.push_str(&name);
        for (prefix, namespace) in self.namespaces_to_render(element) {
            let declaration = match prefix {
                "" => "xmlns".to_owned(),
                prefix => format!("xmlns:{prefix}"),
            };
            self.attribute(&declaration, namespace);
            self.rendered.push((prefix, namespace));
        }
        let mut attributes: Vec<&Attribute> = element.attributes.iter().collect();
        attributes.sort_by_key(|it| (it.namespace.as_str(), it.name.as_str()));
        for attribute in attributes {
            self.attribute(
                &self::name(&attribute.prefix, &attribute.name),
                &attribute.value,
            );
        }
        self.octets.push('>');
        for child in &element.children {
            match child {
                Node::Element(child) if self.is_left_out(child) => {}
                Node::Element(child) => self.element(child),
                Node::Text(text) => self.text(text),
            }
        }
        self.octets.push_str("</");
        self.octets.push_str(&name);
        self.octets.push('>');
        self.rendered.truncate(around);
    }

    fn is_left_out(&self, element: &Element) -> bool {
        self.left_out
            .is_some_and(|left_out| std::ptr::eq(left_out, element))
    }

    /// Those that the element itself uses, and that nobody around it has written, by their prefixes.
    fn namespaces_to_render(&self, element: &'a Element) -> Vec<(&'a str, &'a str)> {
        let own = (element.prefix.as_str(), element.namespace.as_str());
        let of_attributes = element
            .attributes
            .iter()
            .filter(|attribute| !attribute.prefix.is_empty())
            .filter(|attribute| attribute.namespace != XML_NAMESPACE)
            .map(|attribute| (attribute.prefix.as_str(), attribute.namespace.as_str()));
        let mut used: Vec<_> = std::iter::once(own).chain(of_attributes).collect();
        used.sort_unstable();
        used.dedup();
        used.retain(|&(prefix, namespace)| {
            let mut rendered = self.rendered.iter().rev();
            let around = rendered.find(|(other, _)| *other == prefix);
            // To have no namespace is what needs no words, unless the elements around have one.
            around.map_or("", |&(_, namespace)| namespace) != namespace
        });
        used
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.octets.push(' ');
        self.octets.push_str(name);
        self.octets.push_str("=\"");
        for character in value.chars() {
            match character {
                '&' => self.octets.push_str("&amp;"),
                '<' => self.octets.push_str("&lt;"),
                '"' => self.octets.push_str("&quot;"),
                '\t' => self.octets.push_str("&#x9;"),
                '\n' => self.octets.push_str("&#xA;"),
                '\r' => self.octets.push_str("&#xD;"),
                other => self.octets.push(other),
            }
        }
        self.octets.push('"');
    }

    fn text(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                '&' => self.octets.push_str("&amp;"),
                '<' => self.octets.push_str("&lt;"),
                '>' => self.octets.push_str("&gt;"),
                '\r' => self.octets.push_str("&#xD;"),
                other => self.octets.push(other),
            }
        }
    }
}

fn name(prefix: &str, name: &str) -> String {
    match prefix {
        "" => name.to_owned(),
        prefix => format!("{prefix}:{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(xml: &str, expected: &str) {
        let element = Element::parse(xml.as_bytes()).unwrap();
        let octets = canonical(&element, None);
        assert_eq!(String::from_utf8(octets).unwrap(), expected);
    }

    #[test]
    fn what_means_the_same_is_written_the_same() {
        check(
            "<?xml version='1.0'?>\r\n<a  b='1'  a=\"2\" ><!-- no --><b/>\r\n</a>\n",
            "<a a=\"2\" b=\"1\"><b></b>\n</a>",
        );
        check(
            "<a c='&quot;&apos;&#10;&lt;&gt;'>&apos;&quot;&#13;<![CDATA[<&>]]></a>",
            "<a c=\"&quot;'&#xA;&lt;>\">'\"&#xD;&lt;&amp;&gt;</a>",
        );
    }

    #[test]
    fn namespaces_are_written_where_they_are_used() {
        check(
            "<r xmlns:x='urn:x' xmlns='urn:d' xmlns:unused='urn:u'><x:a x:k='1' xml:lang='it' k='2'/><b xmlns=''><c xmlns='urn:d'/></b></r>",
            "<r xmlns=\"urn:d\"><x:a xmlns:x=\"urn:x\" k=\"2\" xml:lang=\"it\" x:k=\"1\"></x:a><b xmlns=\"\"><c xmlns=\"urn:d\"></c></b></r>",
        );
    }

    #[test]
    fn what_could_mean_two_things_is_refused() {
        let deep = "<a>".repeat(65);
        for xml in [
            "<!DOCTYPE a><a/>",
            "<a>&own;</a>",
            "<a><?php ?></a>",
            "<p:a/>",
            "<a/><b/>",
            "<a>",
            "</a>",
            "<a></b>",
            "text",
            "",
            &deep,
        ] {
            assert!(Element::parse(xml.as_bytes()).is_err(), "{xml}");
        }
    }
}
