#![no_main]

#[path = "../codegen.rs"]
mod codegen;

libfuzzer_sys::fuzz_target!(|data: &[u8]| codegen::codegen(data));
