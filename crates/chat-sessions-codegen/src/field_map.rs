//! The field map of the facade, read as text: what the facade does with each raw field.

mod calls;
mod edit;
mod entry;
mod parse;
mod table;

pub(crate) use calls::{calls, read_schemas};
pub use entry::{FieldMapEntry, FieldMapError, FieldTarget};
pub use table::FieldMap;

#[cfg(test)]
mod tests {
    use super::{FieldMap, FieldTarget};
    use crate::spec::Spec;

    const RUST: &str = r#"
macro_rules! field_map { () => {}; }

field_map! {
    "clock" in clock_client {
        Time {
            iso => [Time.at, Time.zone], "as UTC";
            type_ as "type" => out, "there is one";
            + "epoch" => [Time::of];
        }
    }
}
"#;

    fn clock(properties: &str) -> Spec {
        let text = format!(
            r##"
openapi: 3.0.3
info: {{title: Clock, version: "1"}}
paths:
  /time:
    get:
      operationId: time
      responses:
        "200":
          description: The time.
          content: {{application/json: {{schema: {{$ref: "#/components/schemas/Time"}}}}}}
components: {{schemas: {{Time: {{type: object, properties: {properties}}}}}}}
"##
        );
        Spec::parse("clock.yaml", &text).unwrap()
    }

    #[test]
    fn rows_are_parsed() {
        let field_map = FieldMap::parse(RUST).unwrap();
        let target = |field| {
            field_map
                .entry("clock", "Time", field)
                .map(|entry| entry.target.clone())
        };
        let fed = |names: &[&str]| Some(FieldTarget::Feeds(names.iter().map(ToString::to_string).collect()));
        assert_eq!(target("iso"), fed(&["Time::at", "Time::zone"]));
        assert_eq!(target("type"), Some(FieldTarget::Omitted));
        assert_eq!(target("epoch"), fed(&["Time::of"]));
        assert_eq!(target("zone"), None);
        let spec = clock("{iso: {type: string}, type: {type: string}, zone: {type: string}}");
        assert_eq!(
            field_map.missing_rows("clock", &spec, None),
            [("Time".to_owned(), "zone".to_owned())]
        );
        assert_eq!(
            field_map.stale_rows("clock", &spec),
            [("Time".to_owned(), "epoch".to_owned())]
        );
    }

    #[test]
    fn rows_are_required_for_what_the_facade_reads() {
        let text = r##"
openapi: 3.0.3
info: {title: Clock, version: "1"}
paths:
  /time:
    get:
      operationId: time
      responses:
        "200":
          description: The time.
          content: {application/json: {schema: {$ref: "#/components/schemas/Time"}}}
  /alarm:
    get:
      operationId: getAlarm
      responses:
        "200":
          description: The alarm.
          content: {application/json: {schema: {$ref: "#/components/schemas/Alarm"}}}
components:
  schemas:
    Time: {type: object, properties: {iso: {type: string}, sound: {$ref: "#/components/schemas/Sound"}}}
    Alarm: {type: object, properties: {at: {$ref: "#/components/schemas/Time"}, tone: {$ref: "#/components/schemas/Tone"}}}
    Sound: {type: object, properties: {name: {type: string}}}
    Tone: {type: object, properties: {hertz: {type: integer}}}
"##;
        let spec = Spec::parse("clock.yaml", text).unwrap();
        let missing = |source| {
            let rows = FieldMap::parse(RUST).unwrap().missing_rows("clock", &spec, source);
            rows.into_iter()
                .map(|(schema, field)| format!("{schema}.{field}"))
                .collect::<Vec<_>>()
        };
        let all = ["Alarm.at", "Alarm.tone", "Sound.name", "Time.sound", "Tone.hertz"];
        assert_eq!(missing(None), all);
        assert_eq!(missing(Some("client.time(); client.get_alarm(id)")), all);
        let listed = ["Sound.name", "Time.sound"];
        assert_eq!(missing(Some("client.time()")), listed);
        assert_eq!(missing(Some("client.time() // later client.get_alarm(id)")), listed);
        assert_eq!(
            missing(Some("client.time(); client.get_alarms(id); get_alarm(id)")),
            listed
        );
        // The compiler checks every type that has a row, even if no called operation returns it.
        assert_eq!(missing(Some("nothing")), ["Time.sound"]);
    }

    #[test]
    fn text_without_a_field_map_is_rejected_with_the_reason() {
        for (rust, reason) in [
            ("fn", "expected identifier"),
            ("fn main() {}", "there is no `field_map!`"),
            (
                r#"field_map! { "clock" in clock { Time { iso => kept; } } }"#,
                "a target is",
            ),
            (
                r#"field_map! { "clock" in clock { Time { iso => unknown } } }"#,
                "expected `;`",
            ),
        ] {
            let refusal = FieldMap::parse(rust).unwrap_err().to_string();
            assert!(refusal.contains(reason), "{rust}: {refusal}");
        }
    }

    #[test]
    fn a_row_is_added_where_it_belongs() {
        for (field, row) in [
            ("zone", "zone => unknown;"),
            ("isDst", r#"is_dst as "isDst" => unknown;"#),
            ("enum", r#"enum_ as "enum" => unknown;"#),
        ] {
            let kept = FieldMap::with_row(RUST, "clock", "Time", field).unwrap();
            assert!(
                kept.contains(&format!("            {row}\n            + \"epoch\"")),
                "{kept}"
            );
            let entry = FieldMap::parse(&kept).unwrap().entry("clock", "Time", field).cloned();
            assert_eq!(entry.map(|entry| entry.target), Some(FieldTarget::Unknown), "{kept}");
        }
        let promoted = FieldMap::with_row(RUST, "clock", "Time", "epoch").unwrap();
        assert!(
            promoted.contains("            epoch => (Time::of);\n        }"),
            "{promoted}"
        );
        let entry = FieldMap::parse(&promoted)
            .unwrap()
            .entry("clock", "Time", "epoch")
            .cloned();
        assert_eq!(
            entry.map(|entry| (entry.target, entry.is_untyped, entry.read_from_extra)),
            Some((FieldTarget::Feeds(vec!["Time::of".to_owned()]), false, true))
        );
        assert_eq!(FieldMap::with_row(RUST, "watch", "Time", "zone"), None);
        assert_eq!(FieldMap::with_row(RUST, "clock", "Date", "zone"), None);
    }
}
