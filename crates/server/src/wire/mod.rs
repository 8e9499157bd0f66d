//! Small translations between wire text and values, shared by every noun's `http.rs`.

pub mod etag;
pub mod fields;
pub mod hex;
pub mod page;
pub mod query;
pub mod rows;
