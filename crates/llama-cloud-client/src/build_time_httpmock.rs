// The code that the build script generates with the feature `build-time`.
include!(concat!(env!("OUT_DIR"), "/generated_httpmock.rs"));
