#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| chat_sessions::fuzzing::memories_ai_transcript(data));
