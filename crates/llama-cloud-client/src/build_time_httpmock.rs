// The text that the build script generated, under the feature `build-time`.
include!(concat!(env!("OUT_DIR"), "/generated_httpmock.rs"));
