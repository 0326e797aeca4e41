//! A form as a value: its fields, what was typed into them, and what is wrong with it.

use cns_language::Language;
use cns_services::Refusal;
use serde_json::{Value, json};

use super::values::Values;

/// The field that carries the version of the entry that a form was made of.
pub(crate) const VERSION: &str = "version";

/// A form.
#[derive(Clone, Debug)]
pub(crate) struct Form {
    /// The path that it is sent to.
    pub(crate) action: String,
    pub(crate) sending: Sending,
    pub(crate) fields: Vec<Field>,
    /// What its button says.
    pub(crate) submit: String,
    /// What the button says to whoever does not see what stands around it.
    pub(crate) submit_about: Option<String>,
    /// A second button, which does the same and asks for another answer.
    pub(crate) other: Option<OtherButton>,
}

/// A button that sends a value with the form.
#[derive(Clone, Debug)]
pub(crate) struct OtherButton {
    pub(crate) name: &'static str,
    pub(crate) value: &'static str,
    /// What it says.
    pub(crate) label: String,
}

/// How a form is sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Sending {
    /// It asks for something to be done.
    Post,
    /// It only asks what to show: what was typed stands in the address.
    Query,
}

/// A place to type or choose something in.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    /// What programs call it; a [`Refusal`] names it so.
    pub(crate) name: &'static str,
    /// What the page calls it, where other forms may have a field of this name.
    pub(crate) id: String,
    pub(crate) label: String,
    /// What is expected, in a few words.
    pub(crate) hint: String,
    pub(crate) control: Control,
    pub(crate) is_required: bool,
    pub(crate) value: String,
    /// What is wrong with the value.
    pub(crate) problem: Option<String>,
}

/// What a field looks like.
#[derive(Clone, Debug)]
pub(crate) enum Control {
    /// One line: `text`, `email`, `tel`, `date`.
    Line(&'static str),
    /// One line that is not shown, and not sent back.
    Secret,
    /// One of these: value and words.
    Choice(Vec<(String, String)>),
    /// Yes or no.
    Tick,
    /// Not for the visitor.
    Hidden,
}

impl Form {
    pub(crate) fn new(action: impl Into<String>, submit: impl Into<String>) -> Self {
        Self {
            action: action.into(),
            sending: Sending::Post,
            fields: Vec::new(),
            submit: submit.into(),
            submit_about: None,
            other: None,
        }
    }

    /// A form that only asks what to show.
    pub(crate) fn query(action: impl Into<String>, submit: impl Into<String>) -> Self {
        Self {
            sending: Sending::Query,
            ..Self::new(action, submit)
        }
    }

    pub(crate) fn with(mut self, field: Field) -> Self {
        let form = self.action.rsplit('/').next().unwrap_or_default();
        let id = format!("{form}-{}", field.name);
        self.fields.push(Field { id, ..field });
        self
    }

    /// The button, as it is read to whoever does not see the row that it stands in.
    pub(crate) fn about(self, words: impl Into<String>) -> Self {
        Self {
            submit_about: Some(words.into()),
            ..self
        }
    }

    /// The same with a second button.
    pub(crate) fn or(self, other: OtherButton) -> Self {
        Self {
            other: Some(other),
            ..self
        }
    }

    /// The same with what was typed, so that nobody types it twice. The version of what the form shows is
    /// not typed: who is shown an entry that has changed goes on from there.
    pub(crate) fn filled(mut self, typed: &Values) -> Self {
        for field in &mut self.fields {
            let is_typed = !field.is_secret() && field.name != VERSION;
            if let (true, Some(value)) = (is_typed, typed.first(field.name)) {
                field.value = value.to_owned();
            }
        }
        self
    }

    /// The same with what is wrong, at the field that is to blame.
    pub(crate) fn refused(mut self, refusal: &Refusal, language: Language) -> Self {
        let to_blame = self
            .fields
            .iter_mut()
            .find(|field| Some(field.name) == refusal.field);
        if let Some(field) = to_blame {
            field.problem = Some(refusal.reason.in_language(language));
            // Browsers do not show a value that is no date in a field for dates.
            if let Control::Line(kind @ "date") = &mut field.control {
                *kind = "text";
            }
        }
        self
    }

    /// What programs are told of it: what they may post, and where.
    pub(crate) fn data(&self) -> Value {
        let fields = self.fields.iter().map(Field::data);
        json!({
            "post": format!("/api{}", self.action),
            "fields": fields.collect::<Vec<_>>(),
        })
    }

    /// Fields that have something wrong with them.
    pub(crate) fn problems(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.problem.is_some())
    }
}

impl Field {
    /// A field that must be filled in.
    pub(crate) fn new(name: &'static str, label: impl Into<String>, control: Control) -> Self {
        Self {
            name,
            id: name.to_owned(),
            label: label.into(),
            hint: String::new(),
            is_required: !matches!(control, Control::Tick | Control::Hidden),
            control,
            value: String::new(),
            problem: None,
        }
    }

    /// A value that goes with the form.
    pub(crate) fn hidden(name: &'static str, value: impl Into<String>) -> Self {
        Self::new(name, "", Control::Hidden).with_value(value)
    }

    pub(crate) fn optional(self) -> Self {
        Self {
            is_required: false,
            ..self
        }
    }

    pub(crate) fn hinted(self, hint: impl Into<String>) -> Self {
        Self {
            hint: hint.into(),
            ..self
        }
    }

    pub(crate) fn with_value(self, value: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            ..self
        }
    }

    fn data(&self) -> Value {
        let choices = match &self.control {
            Control::Choice(choices) => choices.iter().map(|(value, _)| value.as_str()).collect(),
            _ => Vec::new(),
        };
        json!({
            "name": self.name,
            "required": self.is_required,
            "choices": choices,
        })
    }

    pub(crate) fn is_secret(&self) -> bool {
        matches!(self.control, Control::Secret)
    }

    /// The identifiers of the elements that describe it, for `aria-describedby`.
    pub(crate) fn described_by(&self) -> String {
        let hint = (!self.hint.is_empty()).then(|| format!("{}-hint", self.id));
        let problem = self
            .problem
            .as_ref()
            .map(|_| format!("{}-problem", self.id));
        let both: Vec<String> = hint.into_iter().chain(problem).collect();
        both.join(" ")
    }
}
