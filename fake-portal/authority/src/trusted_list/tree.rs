//! XML as a tree, in which every name has its namespace.
//!
//! The reader is strict: what a signature could not be about without doubt (a document type, entities of
//! its own, processing instructions) is refused, and so is what is nested deeper than any list.

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use thiserror::Error;

/// The namespace of the prefix `xml`, which nobody declares.
pub(super) const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";

/// Longest text that is read, in bytes. The lists of whole countries have one or two million.
const LENGTH_MAX: usize = 16 << 20;
/// Most elements around one another. A trusted list has about a dozen.
const DEPTH_MAX: usize = 64;

/// An element and what is in it.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) prefix: String,
    pub(super) name: String,
    /// Empty for none.
    pub(super) namespace: String,
    /// Those that declare namespaces are not among them.
    pub(super) attributes: Vec<Attribute>,
    pub(super) children: Vec<Node>,
}

/// An attribute of an element.
#[derive(Debug)]
pub(super) struct Attribute {
    pub(super) prefix: String,
    pub(super) name: String,
    /// Empty for none, which an attribute without a prefix has.
    pub(super) namespace: String,
    pub(super) value: String,
}

/// What is in an element.
#[derive(Debug)]
pub(super) enum Node {
    Element(Element),
    /// Without escapes.
    Text(String),
}

/// Why a text is not taken for XML.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum XmlError {
    /// It is none.
    #[error("it is not well-formed XML: {reason}")]
    Syntax {
        /// What the reader says.
        reason: String,
    },
    /// It is XML with something that no list has.
    #[error("it has {what}, which is not read here")]
    Refused {
        /// What that is.
        what: &'static str,
    },
}

impl Element {
    /// The element that these bytes are, UTF-8.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, XmlError> {
        if LENGTH_MAX < bytes.len() {
            return Err(refused("more than 16 million bytes"));
        }
        let text = std::str::from_utf8(bytes).map_err(|error| syntax(&error))?;
        let mut builder = Builder::default();
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        loop {
            match reader.read_event().map_err(|error| syntax(&error))? {
                Event::Start(start) => builder.open(&start)?,
                Event::End(_) => builder.close()?,
                Event::Text(text) => {
                    builder.text(&text.xml10_content().map_err(|error| syntax(&error))?)?;
                }
                Event::CData(text) => {
                    builder.text(&text.xml10_content().map_err(|error| syntax(&error))?)?;
                }
                Event::GeneralRef(reference) => {
                    let character = reference
                        .resolve_char_ref()
                        .map_err(|error| syntax(&error))?;
                    let name = reference.decode().map_err(|error| syntax(&error))?;
                    match (character, resolve_predefined_entity(&name)) {
                        (Some(character), _) => builder.text(character.encode_utf8(&mut [0; 4]))?,
                        (None, Some(text)) => builder.text(text)?,
                        (None, None) => return Err(refused("an entity of its own")),
                    }
                }
                Event::Decl(_) | Event::Comment(_) => {}
                Event::PI(_) => return Err(refused("a processing instruction")),
                Event::DocType(_) => return Err(refused("a document type")),
                Event::Empty(_) => return Err(syntax(&"an element without an end")),
                Event::Eof => return builder.end(),
            }
        }
    }

    /// The elements in this one that have this name in this namespace.
    pub(super) fn all<'a>(
        &'a self,
        namespace: &'a str,
        name: &'a str,
    ) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter_map(move |child| match child {
            Node::Element(element) if element.is(namespace, name) => Some(element),
            _ => None,
        })
    }

    /// The only such element, or none if there are several.
    pub(super) fn only<'a>(&'a self, namespace: &'a str, name: &'a str) -> Option<&'a Self> {
        let mut all = self.all(namespace, name);
        let first = all.next()?;
        all.next().is_none().then_some(first)
    }

    /// What is found by going down, name by name.
    pub(super) fn at<'a>(&'a self, namespace: &'a str, path: &'a str) -> Option<&'a Self> {
        path.split('/')
            .try_fold(self, |element, name| element.only(namespace, name))
    }

    /// Whether it has this name in this namespace.
    pub(super) fn is(&self, namespace: &str, name: &str) -> bool {
        self.namespace == namespace && self.name == name
    }

    /// The value of an attribute that has no prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let mut attributes = self.attributes.iter();
        attributes
            .find(|attribute| attribute.prefix.is_empty() && attribute.name == name)
            .map(|attribute| attribute.value.as_str())
    }

    /// The text that is directly in it, without the white space around it.
    pub(super) fn text(&self) -> String {
        let texts = self.children.iter().filter_map(|child| match child {
            Node::Text(text) => Some(text.as_str()),
            Node::Element(_) => None,
        });
        texts.collect::<String>().trim().to_owned()
    }
}

/// The elements that are not closed yet, and the namespaces that are declared in them.
#[derive(Default)]
struct Builder {
    open: Vec<Element>,
    /// Prefix and namespace, and in how deep an element.
    declared: Vec<(usize, String, String)>,
    root: Option<Element>,
}

impl Builder {
    fn open(&mut self, start: &BytesStart<'_>) -> Result<(), XmlError> {
        if DEPTH_MAX <= self.open.len() {
            return Err(refused("more than 64 elements around one another"));
        }
        if self.root.is_some() {
            return Err(syntax(&"a second root element"));
        }
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| syntax(&error))?;
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| syntax(&error))?;
            let (prefix, name) = qualified(attribute.key.as_ref())?;
            match (prefix.as_str(), name.as_str()) {
                ("xmlns", _) => self.declare(name, value.into_owned()),
                ("", "xmlns") => self.declare(String::new(), value.into_owned()),
                _ => attributes.push((prefix, name, value.into_owned())),
            }
        }
        let (prefix, name) = qualified(start.name().as_ref())?;
        let namespace = self.namespace(&prefix)?;
        let attributes = attributes
            .into_iter()
            .map(|(prefix, name, value)| {
                let namespace = match prefix.is_empty() {
                    true => String::new(),
                    false => self.namespace(&prefix)?,
                };
                Ok(Attribute {
                    prefix,
                    name,
                    namespace,
                    value,
                })
            })
            .collect::<Result<_, _>>()?;
        self.open.push(Element {
            prefix,
            name,
            namespace,
            attributes,
            children: Vec::new(),
        });
        Ok(())
    }

    fn close(&mut self) -> Result<(), XmlError> {
        let element = self.open.pop().ok_or_else(|| syntax(&"an end too many"))?;
        let depth = self.open.len();
        self.declared.retain(|(declared, ..)| *declared < depth);
        match self.open.last_mut() {
            Some(parent) => parent.children.push(Node::Element(element)),
            None => self.root = Some(element),
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), XmlError> {
        match self.open.last_mut() {
            Some(parent) => match parent.children.last_mut() {
                Some(Node::Text(before)) => before.push_str(text),
                _ => parent.children.push(Node::Text(text.to_owned())),
            },
            None if text.trim().is_empty() => {}
            None => return Err(syntax(&"text outside of the root element")),
        }
        Ok(())
    }

    fn end(self) -> Result<Element, XmlError> {
        match (self.root, self.open.as_slice()) {
            (Some(root), []) => Ok(root),
            _ => Err(syntax(&"it ends in the middle of an element")),
        }
    }

    fn declare(&mut self, prefix: String, namespace: String) {
        self.declared.push((self.open.len(), prefix, namespace));
    }

    fn namespace(&self, prefix: &str) -> Result<String, XmlError> {
        if prefix == "xml" {
            return Ok(XML_NAMESPACE.to_owned());
        }
        let mut declared = self.declared.iter().rev();
        match declared.find(|(_, other, _)| other == prefix) {
            Some((.., namespace)) => Ok(namespace.clone()),
            None if prefix.is_empty() => Ok(String::new()),
            None => Err(syntax(&format!("nobody declares the prefix {prefix:?}"))),
        }
    }
}

/// Prefix and name.
fn qualified(name: &[u8]) -> Result<(String, String), XmlError> {
    let name = std::str::from_utf8(name).map_err(|error| syntax(&error))?;
    let (prefix, name) = name.split_once(':').unwrap_or(("", name));
    Ok((prefix.to_owned(), name.to_owned()))
}

fn syntax(reason: &impl ToString) -> XmlError {
    XmlError::Syntax {
        reason: reason.to_string(),
    }
}

fn refused(what: &'static str) -> XmlError {
    XmlError::Refused { what }
}
